#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

Task<Result<InfoView>> server_info(Services& app, Caller) {
  co_return InfoView{"kinora", app.version, "/docs", "/api/v1/health"};
}

Task<Result<LiveView>> is_live(Services&, Caller) { co_return LiveView{"ok"}; }

}  // namespace kinora::api::v1
