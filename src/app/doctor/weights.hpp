#pragma once

#include <vector>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"

namespace kinora::app::doctor {

/// One finding per file of weights that the server uses, each read to its end.
std::vector<Finding> examine_weights(const Config& config);

}  // namespace kinora::app::doctor
