#pragma once

#include "app/config.hpp"

namespace kinora::app {

/// Runs the server until SIGTERM or SIGINT; a second signal ends the process at once.
int serve(const Config& config);

}  // namespace kinora::app
