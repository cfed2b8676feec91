#pragma once

#include "app/config.hpp"

namespace kinora::app {

/// Sends a short talk through the running server as any client would, and prints what comes out as it comes. Fails when
/// something does not come out.
int run_demo(const Config& config);

}  // namespace kinora::app
