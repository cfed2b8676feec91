#pragma once

#include <memory>

#include "base/result.hpp"
#include "ports/random.hpp"

namespace kinora {

/// The kernel's randomness, through libsodium. Errors: unavailable (libsodium finds no source of randomness).
Result<std::unique_ptr<Random>> open_system_random();

}  // namespace kinora
