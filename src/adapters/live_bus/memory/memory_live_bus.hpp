#pragma once

#include <memory>

#include "ports/live_bus.hpp"

namespace kinora {

/// Within this process.
std::unique_ptr<LiveBus> open_memory_live_bus();

}  // namespace kinora
