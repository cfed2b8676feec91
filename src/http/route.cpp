#include "http/route.hpp"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "http/accept.hpp"

namespace kinora::http {

namespace {

// Contract 1.5: what may come from any route.
constexpr auto anywhere = std::to_array<int>({304, 400, 405, 406, 408, 413, 415, 429, 500, 503, 504, 507});

}  // namespace

Scope scope_of(const RouteSpec& spec) {
  if (spec.scope) return *spec.scope;
  if (spec.access == Access::admin) return Scope::admin;
  if (is_safe(spec.method)) return Scope::read;
  return spec.limit == LimitClass::chat ? Scope::chat : Scope::write;
}

bool is_declared(const RouteSpec& spec, int status) {
  const auto among = [status](const auto& statuses) {
    return std::ranges::find(statuses, status) != std::ranges::end(statuses);
  };
  if (status < 400 || among(anywhere) || among(spec.errors) || (status == 409 && spec.takes_key)) return true;
  const bool has_path_value = spec.path.contains('{');
  return (status == 401 && spec.access != Access::anyone) || (status == 403 && spec.access != Access::anyone) ||
         (status == 404 && has_path_value) || status == 412 || status == 422;
}

namespace detail {

void require_in_template(const RouteSpec& spec, std::span<const std::string_view> names) {
  for (const auto name : names) {
    const std::string word(name);
    if (spec.path.contains('{' + word + '}') || spec.path.contains('{' + word + "...}")) continue;
    std::fprintf(stderr, "kinora: the route %s has no {%s} in its path\n", spec.path.c_str(), word.c_str());
    std::abort();
  }
}

Route finished(RouteSpec spec, Handler handler, RouteSchema schema) {
  Schemas schemas;
  auto types = types_given(schema.responses(schemas, spec.success), spec.content_types);
  return {std::move(spec), std::move(handler), schema, std::move(types)};
}

boost::json::object parameter_schema(std::string_view in, std::string_view name, bool required, boost::json::object schema) {
  return {{"name", name}, {"in", in}, {"required", required}, {"schema", std::move(schema)}};
}

boost::json::object match_parameter(bool required) {
  return parameter_schema("header", "If-Match", required, {{"type", "string"}});
}

void add_page_parameters(boost::json::array& parameters) {
  boost::json::object limit{{"type", "integer"}, {"minimum", 1}, {"maximum", 100}, {"default", 20}};
  parameters.push_back(parameter_schema("query", "limit", false, std::move(limit)));
  parameters.push_back(parameter_schema("query", "cursor", false, {{"type", "string"}}));
}

boost::json::object body_schema(std::string_view content_type, boost::json::object schema, bool required) {
  boost::json::object content{{content_type, {{"schema", std::move(schema)}}}};
  return {{"required", required}, {"content", std::move(content)}};
}

boost::json::object form_schema(boost::json::object fields) {
  fields["file"] = boost::json::object{{"type", "string"}, {"format", "binary"}, {"minLength", 1}};
  return {{"type", "object"}, {"properties", std::move(fields)}, {"required", boost::json::array{"file"}}};
}

}  // namespace detail

}  // namespace kinora::http
