#include "ports/rate_limiter.hpp"

#include <algorithm>

namespace kinora {

namespace {

using std::chrono::nanoseconds;

std::chrono::microseconds up(nanoseconds time) { return std::chrono::ceil<std::chrono::microseconds>(time); }

}  // namespace

RateDecision decide(RateRule rule, Time now, ArrivalTime& on_time) {
  if (rule.count <= 0) return {.reset = rule.period, .retry_after = rule.period};
  // Rounded up: a limit may be a millionth too strict, never too lax.
  const nanoseconds apart((nanoseconds(rule.period).count() + rule.count - 1) / rule.count);
  const nanoseconds burst = apart * rule.count;
  const ArrivalTime arrived = now;

  const auto due = std::clamp(on_time, arrived, arrived + burst);
  const auto next = due + apart;
  on_time = due;
  if (next - arrived > burst)
    return {.limit = rule.count, .reset = up(due - arrived), .retry_after = up(next - arrived - burst)};
  on_time = next;
  return {.allowed = true, .limit = rule.count, .remaining = (burst - (next - arrived)) / apart, .reset = up(next - arrived)};
}

}  // namespace kinora
