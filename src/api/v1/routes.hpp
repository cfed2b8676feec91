#pragma once

#include <vector>

#include "api/services.hpp"
#include "http/route.hpp"

namespace kinora::api::v1 {

/// Every route of the native API. `app` outlives the router.
std::vector<http::Route> routes(Services& app);

}  // namespace kinora::api::v1
