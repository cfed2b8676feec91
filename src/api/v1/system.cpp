#include "api/v1/system.hpp"

#include <algorithm>

#include "base/deadline.hpp"

namespace kinora::api::v1 {

Task<Result<InfoView>> server_info(Services& app, Caller) {
  co_return InfoView{"kinora", app.version, "/docs", "/api/v1/health"};
}

Task<Result<LiveView>> is_live(Services&, Caller) { co_return LiveView{"ok"}; }

namespace {

// What hangs is as good as down.
constexpr auto check_time = std::chrono::seconds(2);

}  // namespace

Task<Result<std::variant<HealthView, http::Reply>>> show_health(Services& app, Caller) {
  HealthView view{.status = "ok", .timestamp = app.clock.now(), .version = app.version};
  boost::json::object states;
  boost::json::object details;
  for (const auto& part : app.health) {
    const auto checked = co_await within(check_time, part.check());
    const bool is_critical = part.weight == HealthPart::Weight::critical;
    states[part.name] = checked ? "up" : is_critical ? "down" : "degraded";
    if (checked) continue;
    details[part.name] = checked.error().message;
    if (is_critical) view.status = "error";
  }
  view.services = std::move(states);
  if (app.tells_health_detail) view.details = std::move(details);
  if (view.status == "ok") co_return view;
  co_return http::json_reply(503, to_json(view));
}

namespace {

bool is_available(const SystemFacts& facts, std::string_view use) {
  return std::ranges::any_of(facts.models, [&](const ModelFact& model) { return model.use == use && model.is_here; });
}

FeaturesView features_of(const SystemFacts& facts) {
  return {.transcription = is_available(facts, "transcribe"),
          .semantic_search = is_available(facts, "search"),
          .written_answers = is_available(facts, "write"),
          .sign_up = facts.registration == "open"};
}

/// In a time that tells nothing of how much of it was right.
bool is_secret(std::string_view given, std::string_view secret) {
  auto differences = given.size() ^ secret.size();
  for (std::size_t at = 0; at < given.size(); ++at)
    differences |= static_cast<unsigned char>(given[at] ^ secret[at % secret.size()]);
  return differences == 0;
}

/// Behind a proxy of this machine everybody seems to ask from it: then only the token tells.
bool asks_from_here(const http::Head& head) {
  return head.peer.is_loopback && !head.header("X-Forwarded-For") && !head.header("Forwarded");
}

Result<void> may_read_metrics(const Watched& watched, const http::Head& head) {
  const auto given = head.bearer();
  if (given && !watched.token.empty()) {
    if (is_secret(*given, watched.token)) return {};
    return fail(ErrorKind::unauthorised, "this is not METRICS_TOKEN");
  }
  if (asks_from_here(head)) return {};
  return fail(ErrorKind::forbidden, "metrics are read on this machine, or with METRICS_TOKEN as Authorization: Bearer");
}

}  // namespace

Task<Result<SystemView>> show_system(Services& app, Caller caller) {
  SystemView view{.version = app.version, .role = app.facts.role, .features = features_of(app.facts)};
  for (const auto& model : app.facts.models) view.models.push_back({model.use, model.name, model.place, model.is_here});
  view.limits = {app.upload_bytes_max, static_cast<std::int64_t>(http::Page::limit_max),
                 std::chrono::seconds(media::Media::restorable_for).count()};
  if (!caller.is_admin()) co_return view;
  view.load.emplace();
  for (const auto& load : co_await ok(app.queue.load(std::move(caller))))
    view.load->push_back({std::string(name_of(load.lane)), std::string(name_of(load.state)), load.jobs, load.oldest});
  co_return view;
}

Task<Result<http::Plain>> show_metrics(Services& app, Caller caller, AskMetrics ask) {
  co_await ok(may_read_metrics(app.watched, ask.head));
  co_await ok(app.watched.look(std::move(caller)));
  http::Headers headers{{"Cache-Control", "no-store"}};
  co_return http::Plain{"text/plain; version=0.0.4; charset=utf-8", app.watched.metrics->text(), std::move(headers)};
}

Task<Result<http::Plain>> show_openapi(Services& app, Caller) {
  co_return http::Plain{.content_type = "application/json", .body = app.openapi};
}

}  // namespace kinora::api::v1
