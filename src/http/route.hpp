#pragma once

#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "http/access.hpp"
#include "http/answers.hpp"
#include "http/ask.hpp"
#include "http/call.hpp"
#include "http/method.hpp"

namespace kinora::http {

/// Who may read an answer from another origin: the listed ones with credentials, or everyone without (media).
enum class Sharing : std::uint8_t { listed, everyone };

/// What is told about a route; everything that the engine, the gate and OpenAPI do follows from it.
struct RouteSpec {
  Method method = Method::get;
  /// Whole segments: `/videos/{id}`; `{path...}` at the end takes the rest.
  std::string path{};
  Access access = Access::either;
  LimitClass limit = LimitClass::default_;
  std::string summary{};
  /// Statuses of errors particular to this route; those that may come anywhere need no mention (is_declared()).
  std::vector<int> errors{};
  Unknown unknown = Unknown::ignored;
  int success = 200;  ///< of a plain view
  /// Of the texts and files it answers beside JSON.
  std::vector<std::string_view> content_types{};
  std::size_t body_bytes_max = 1 << 20;  ///< of a JSON body
  /// Between the last byte of the body read and the answer; streams have no end.
  std::chrono::seconds time_max{60};
  Sharing sharing = Sharing::listed;
  /// What an API key needs for it; absent: by the rule of scope_of().
  std::optional<Scope> scope{};
  /// `?ticket=` stands for credentials here: streams, whose clients in browsers cannot send a header.
  bool takes_ticket = false;
  /// An Idempotency-Key is obeyed; set by once() (repeats.hpp).
  bool takes_key = false;
};

/// The scope that a route asks of API keys: its own, else admin for admins' routes, read where nothing is changed, chat where
/// chat is counted, write for the rest.
Scope scope_of(const RouteSpec& spec);

/// Whether the route may answer this status: declared, success, or one that may come anywhere.
bool is_declared(const RouteSpec& spec, int status);

using Handler = std::function<Task<Result<Reply>>(const RouteSpec&, Call&, Caller)>;

/// OpenAPI parts, made only when the document is asked for.
struct RouteSchema {
  boost::json::array (*parameters)(Schemas&) = nullptr;
  boost::json::object (*request_body)(Schemas&) = nullptr;  ///< null: the route takes none
  boost::json::object (*responses)(Schemas&, int success) = nullptr;
};

struct Route {
  RouteSpec spec;
  Handler handler;
  RouteSchema schema{};
  /// See types_given().
  std::vector<std::string> types{};
};

namespace detail {

/// Ends the process when a path struct names what the template does not have: such a route could never answer.
void require_in_template(const RouteSpec& spec, std::span<const std::string_view> names);
/// With the types of its answers.
Route finished(RouteSpec spec, Handler handler, RouteSchema schema);
boost::json::object parameter_schema(std::string_view in, std::string_view name, bool required, boost::json::object schema);
void add_page_parameters(boost::json::array& parameters);
boost::json::object match_parameter(bool required);

template <class Ask>
boost::json::array parameters_of(Schemas& schemas) {
  boost::json::array parameters;
  [[maybe_unused]] Ask probe{};
  if constexpr (HasPath<Ask>)
    boost::pfr::for_each_field_with_name(probe.path, [&](std::string_view name, auto& field) {
      auto schema = Form<std::decay_t<decltype(field)>>::schema(schemas);
      parameters.push_back(parameter_schema("path", name, true, std::move(schema)));
    });
  if constexpr (HasQuery<Ask>)
    boost::pfr::for_each_field_with_name(probe.query, [&](std::string_view name, auto& field) {
      using Field = std::decay_t<decltype(field)>;
      if constexpr (std::is_same_v<Field, Page>)
        add_page_parameters(parameters);
      else
        parameters.push_back(parameter_schema("query", name, !Form<Field>::may_be_absent, Form<Field>::schema(schemas)));
    });
  if constexpr (HasMatch<Ask>) parameters.push_back(match_parameter(NeedsMatch<Ask>));
  return parameters;
}

boost::json::object body_schema(std::string_view content_type, boost::json::object schema, bool required = true);
/// A form of these fields with a file in the part of that name.
boost::json::object form_schema(boost::json::object fields);

/// What a field holds when it is there: a part of a form cannot be null.
template <class Field>
struct Present : std::type_identity<Field> {};
template <class T>
struct Present<Optional<T>> : std::type_identity<T> {};

/// The fields that Ask says its form has beside the file.
template <class Ask>
boost::json::object form_fields(Schemas& schemas) {
  boost::json::object properties;
  if constexpr (requires { typename Ask::Fields; }) {
    const typename Ask::Fields probe{};
    boost::pfr::for_each_field_with_name(probe, [&](std::string_view name, const auto& field) {
      properties[name] = Form<typename Present<std::decay_t<decltype(field)>>::type>::schema(schemas);
    });
  }
  return properties;
}

template <class Ask>
using BodyOf = std::decay_t<decltype(Ask{}.body)>;

template <class Ask>
boost::json::object request_body_of([[maybe_unused]] Schemas& schemas) {
  if constexpr (HasJsonBody<Ask>)
    return body_schema("application/json", Form<BodyOf<Ask>>::schema(schemas), !may_be_empty<BodyOf<Ask>>());
  else if constexpr (HasMultipart<Ask>)
    return body_schema("multipart/form-data", form_schema(form_fields<Ask>(schemas)));
  else
    return body_schema("application/octet-stream", {{"type", "string"}, {"format", "binary"}});
}

template <class View>
boost::json::object responses_of(Schemas& schemas, int success) {
  boost::json::object responses;
  Answer<View>::describe(responses, schemas, success);
  return responses;
}

/// Its path may name a row by number.
template <class Ask>
concept HasNumber = HasPath<Ask> && requires(Ask ask) { ask.path.id.number; };

template <class App, class View, class Ask>
Task<Result<Reply>> run_route(App& app, Task<Result<View>> (*function)(App&, Caller, Ask), const RouteSpec& spec, Call& call,
                              Caller caller) {
  Ask ask{};
  const boost::json::value* json = nullptr;
  if constexpr (HasJsonBody<Ask>) json = co_await ok(call.json(spec.body_bytes_max));
  co_await ok(read_ask(call, spec.unknown, json, ask));
  if constexpr (HasNumber<Ask>)
    if (ask.path.id.number) ask.path.id.uuid = (co_await ok(numbered_id(app, caller, ask.path.id))).uuid;
  auto view = co_await ok(function(app, std::move(caller), std::move(ask)));
  co_return Answer<View>::reply(std::move(view), spec.success);
}

template <class App, class View>
Task<Result<Reply>> run_bare_route(App& app, Task<Result<View>> (*function)(App&, Caller), const RouteSpec& spec, Call& call,
                                   Caller caller) {
  struct Nothing {
  } nothing;
  co_await ok(read_ask(call, spec.unknown, nullptr, nothing));
  auto view = co_await ok(function(app, std::move(caller)));
  co_return Answer<View>::reply(std::move(view), spec.success);
}

}  // namespace detail

/// A route out of its declaration and its function; `app` must outlive it.
template <class App, class View, class Ask>
Route route(App& app, RouteSpec spec, Task<Result<View>> (*function)(App&, Caller, Ask)) {
  if constexpr (HasPath<Ask>) detail::require_in_template(spec, detail::names_of<std::decay_t<decltype(Ask{}.path)>>());
  auto handler = [&app, function](const RouteSpec& rules, Call& call, Caller caller) {
    return detail::run_route(app, function, rules, call, std::move(caller));
  };
  if constexpr (HasMatch<Ask>) spec.errors.push_back(412);
  if constexpr (NeedsMatch<Ask>) spec.errors.push_back(428);
  RouteSchema schema{&detail::parameters_of<Ask>, nullptr, &detail::responses_of<View>};
  if constexpr (HasBody<Ask>) schema.request_body = &detail::request_body_of<Ask>;
  return detail::finished(std::move(spec), std::move(handler), schema);
}

/// The same for a function that asks for nothing.
template <class App, class View>
Route route(App& app, RouteSpec spec, Task<Result<View>> (*function)(App&, Caller)) {
  auto handler = [&app, function](const RouteSpec& rules, Call& call, Caller caller) {
    return detail::run_bare_route(app, function, rules, call, std::move(caller));
  };
  return detail::finished(std::move(spec), std::move(handler), {nullptr, nullptr, &detail::responses_of<View>});
}

}  // namespace kinora::http
