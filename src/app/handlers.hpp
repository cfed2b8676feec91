#pragma once

#include <vector>

#include "jobs/event_log.hpp"

namespace kinora::app {

/// Every module's handlers of events: what the server does, and what its check expects to have been done.
std::vector<jobs::Handler> all_handlers();

}  // namespace kinora::app
