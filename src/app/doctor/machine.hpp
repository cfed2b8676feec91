#pragma once

#include "app/config.hpp"
#include "app/doctor/finding.hpp"

namespace kinora::app::doctor {

Finding examine_processor();
Finding examine_memory();
/// The data directory, or where it would be made.
Finding examine_disk(const Config& config);
/// Whether the server could listen, or does already.
Finding examine_port(const Config& config);
/// Whether people on other machines can sign in.
Finding examine_reach(const Config& config);

}  // namespace kinora::app::doctor
