#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

Task<Result<InfoView>> server_info(Services& app, Caller) {
  co_return InfoView{"kinora", app.version, "/docs", "/api/v1/health"};
}

Task<Result<LiveView>> is_live(Services&, Caller) { co_return LiveView{"ok"}; }

Task<Result<http::Reply>> show_health(Services& app, Caller) {
  HealthView view{.status = "ok", .timestamp = app.clock.now(), .version = app.version};
  for (const auto& part : app.health) {
    const auto up = co_await part.check();
    view.services.push_back({part.name, up ? "up" : "down"});
    if (!up && part.weight == HealthPart::Weight::critical) view.status = "error";
  }
  co_return http::json_reply(view.status == "ok" ? 200 : 503, to_json(view));
}

Task<Result<http::Plain>> show_openapi(Services& app, Caller) {
  co_return http::Plain{.content_type = "application/json", .body = app.openapi};
}

}  // namespace kinora::api::v1
