#pragma once

#include "app/config.hpp"

namespace kinora::app {

/// Where tests make a server fail, one a line: name, whether an error is possible there, what is so at that moment.
int list_failpoints(const Config& config);

}  // namespace kinora::app
