#include "http/openapi.hpp"

#include <algorithm>
#include <set>

#include "http/problem.hpp"

namespace kinora::http {

namespace {

namespace json = boost::json;

std::string lower(std::string_view word) {
  std::string out(word);
  std::ranges::transform(out, out.begin(),
                         [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
  return out;
}

// `{path...}` is written {path}: OpenAPI knows no tails.
std::string template_of(const RouteSpec& spec) {
  auto path = spec.path;
  if (const auto dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
  return path;
}

// get_api_v1_videos_id: stable as long as the route is.
std::string operation_id(const RouteSpec& spec) {
  auto id = lower(name_of(spec.method));
  for (const char letter : template_of(spec)) {
    const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
    if (plain)
      id += letter;
    else if (id.back() != '_' && letter != '}')
      id += '_';
  }
  return id;
}

json::array security_of(const RouteSpec& spec) {
  const json::object bearer{{"bearer", json::array()}};
  const json::object session{{"session", json::array()}};
  const json::object ticket{{"ticket", json::array()}};
  const json::object nobody;
  json::array ways;
  if (spec.access == Access::anyone) return ways;
  if (spec.access != Access::session) ways.push_back(bearer);
  if (spec.access != Access::bearer) ways.push_back(session);
  if (spec.takes_ticket) ways.push_back(ticket);
  if (spec.access == Access::optional || spec.access == Access::workspace) ways.push_back(nobody);
  return ways;
}

std::set<int> error_statuses(const Route& route) {
  std::set<int> statuses(route.spec.errors.begin(), route.spec.errors.end());
  const bool reads_fields = route.schema.request_body != nullptr || route.schema.parameters != nullptr;
  if (reads_fields) statuses.insert({400, 422});
  if (route.schema.request_body != nullptr) statuses.insert({413, 415});
  if (route.spec.path.contains('{')) statuses.insert(404);
  if (route.spec.access != Access::anyone) statuses.insert({401, 403});
  if (route.spec.takes_key) statuses.insert(409);
  if (route.spec.limit != LimitClass::none) statuses.insert(429);
  statuses.insert({500, 503, 504});
  return statuses;
}

json::object problem_schema() {
  const json::object text{{"type", "string"}};
  const json::object number{{"type", "integer"}};
  json::object field{{"type", "object"}, {"properties", {{"pointer", text}, {"code", text}, {"message", text}}}};
  json::object properties{{"type", text},         {"title", text},
                          {"status", number},     {"detail", text},
                          {"instance", text},     {"code", text},
                          {"request_id", text},   {"traceparent", {{"type", json::array{"string", "null"}}}},
                          {"statusCode", number}, {"message", text},
                          {"error", text},        {"errors", {{"type", "array"}, {"items", std::move(field)}}}};
  json::array required;
  for (const auto& property : properties) required.emplace_back(property.key());
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

void describe_errors(json::object& responses, const Route& route) {
  const json::object schema{{"$ref", "#/components/schemas/Problem"}};
  for (const int status : error_statuses(route))
    responses[std::to_string(status)] =
        json::object{{"description", "A problem"}, {"content", {{"application/problem+json", {{"schema", schema}}}}}};
}

json::array parameters_of(const Route& route, Schemas& schemas) {
  auto parameters = route.schema.parameters != nullptr ? route.schema.parameters(schemas) : json::array();
  json::object key{{"type", "string"}, {"minLength", 1}, {"maxLength", 255}};
  if (route.spec.takes_key) parameters.push_back(detail::parameter_schema("header", "Idempotency-Key", false, std::move(key)));
  return parameters;
}

// Said of the answers that make something: a repeat is told by it.
void describe_replay(json::object& responses) {
  json::object replayed{{"description", "true: this was made by an earlier request with the same Idempotency-Key"},
                        {"schema", {{"type", "string"}, {"enum", json::array{"true"}}}}};
  for (const std::string_view status : {"201", "202"})
    if (auto* response = responses.if_contains(status))
      response->as_object()["headers"] = json::object{{"Idempotency-Replayed", replayed}};
}

json::object operation_of(const Route& route, Schemas& schemas) {
  json::object operation{{"operationId", operation_id(route.spec)}, {"summary", route.spec.summary}};
  if (route.schema.parameters != nullptr || route.spec.takes_key) operation["parameters"] = parameters_of(route, schemas);
  schemas.unknown = route.spec.unknown;
  if (route.schema.request_body != nullptr) operation["requestBody"] = route.schema.request_body(schemas);
  auto responses = route.schema.responses != nullptr ? route.schema.responses(schemas, route.spec.success) : json::object();
  for (const auto type : route.spec.content_types) detail::describe_response(responses, route.spec.success, "Success", type);
  if (route.spec.takes_key) describe_replay(responses);
  describe_errors(responses, route);
  operation["responses"] = std::move(responses);
  operation["security"] = security_of(route.spec);
  operation["x-kinora-access"] = name_of(route.spec.access);
  if (route.spec.access != Access::anyone) operation["x-kinora-scope"] = name_of(scope_of(route.spec));
  return operation;
}

json::object credentials() {
  return {{"bearer", {{"type", "http"}, {"scheme", "bearer"}}},
          {"session", {{"type", "apiKey"}, {"in", "cookie"}, {"name", "__Host-session"}}},
          {"ticket", {{"type", "apiKey"}, {"in", "query"}, {"name", "ticket"}}}};
}

}  // namespace

json::object openapi_document(std::string_view title, std::string_view version, std::span<const Route> routes) {
  Schemas schemas;
  json::object paths;
  for (const auto& route : routes) {
    auto& path = paths[template_of(route.spec)];
    if (!path.is_object()) path.emplace_object();
    path.as_object()[lower(name_of(route.spec.method))] = operation_of(route, schemas);
  }
  auto named = std::move(schemas).take();
  named["Problem"] = problem_schema();
  json::object components{{"schemas", std::move(named)}, {"securitySchemes", credentials()}};
  json::object info{{"title", title}, {"version", version}};
  return {{"openapi", "3.1.0"}, {"info", std::move(info)}, {"paths", std::move(paths)}, {"components", std::move(components)}};
}

}  // namespace kinora::http
