#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/task.hpp"
#include "base/time.hpp"

namespace kinora {

/// So many within a period: all of them at once if need be, then one each `period / count`. A count of 0 lets nothing pass.
struct RateRule {
  std::int64_t count = 0;
  std::chrono::seconds period{};

  friend bool operator==(const RateRule&, const RateRule&) = default;
};

struct RateDecision {
  bool allowed = false;
  std::int64_t limit = 0;
  std::int64_t remaining = 0;               ///< how many more would pass now
  std::chrono::microseconds reset{};        ///< until all of `limit` would pass at once
  std::chrono::microseconds retry_after{};  ///< until one would pass; zero when this one did
};

/// Counts arrivals by key, by the generic cell rate algorithm (ITU-T I.371): a key is one number, the time at which its next
/// arrival would be on time. The arithmetic is decide(), the same in every adapter. Any thread.
class RateLimiter {
 public:
  virtual ~RateLimiter() = default;
  /// One arrival. Keys name their rule's purpose, so that two rules never share one. An adapter whose engine cannot be reached
  /// counts in this process instead; it never lets everything pass.
  virtual Task<Result<RateDecision>> take(std::string key, RateRule rule) = 0;
};

/// What a key remembers: nanoseconds, so that periods that do not divide evenly err by less than a millionth.
using ArrivalTime = std::chrono::sys_time<std::chrono::nanoseconds>;

/// Judges one arrival at `now` and moves `on_time` when it is allowed. A clock that was set back costs a key at most one
/// period.
RateDecision decide(RateRule rule, Time now, ArrivalTime& on_time);

}  // namespace kinora
