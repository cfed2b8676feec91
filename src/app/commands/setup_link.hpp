#pragma once

#include <string>

#include "app/config.hpp"

namespace kinora::app {

/// `kinora user setup-link`: a fresh link, good for 24 hours, with which the first admin makes an account. The server may run
/// meanwhile. Errors: not_found (no server has started on this data directory yet), conflict (there is an admin already).
Result<std::string> make_setup_link(const Config& config);

int print_setup_link(const Config& config);

/// `kinora user invite`: a link with which one more person makes an account, as the first admin would give it.
Result<std::string> make_invitation(const Config& config);
int print_invitation(const Config& config);

}  // namespace kinora::app
