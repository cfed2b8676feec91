#pragma once

#include <cstddef>
#include <memory>

#include "ports/clock.hpp"
#include "ports/rate_limiter.hpp"

namespace kinora {

/// Counts in this process. Of at most `keys_max` keys; when there are more, those nearest to being forgotten anyway are
/// forgotten.
std::unique_ptr<RateLimiter> open_memory_rate_limiter(const Clock& clock, std::size_t keys_max = 100'000);

}  // namespace kinora
