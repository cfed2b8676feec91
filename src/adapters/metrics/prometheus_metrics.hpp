#pragma once

#include <memory>

#include "base/metrics.hpp"

namespace kinora {

/// Kept in memory by prometheus-cpp.
std::unique_ptr<Metrics> open_prometheus_metrics();

}  // namespace kinora
