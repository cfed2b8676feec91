#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/health.hpp"
#include "children/jail_order.hpp"

namespace kinora {

/// Whether children run in a whole jail here. With KINORA_SANDBOX=weak they may not, whatever the kernel has.
HealthPart health_of_jail(Sandbox sandbox);

/// A part whose work children do; it needs these files, its program among them.
HealthPart health_of_children(std::string name, std::vector<std::filesystem::path> files);

}  // namespace kinora
