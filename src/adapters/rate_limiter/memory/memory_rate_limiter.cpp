#include <algorithm>
#include <array>
#include <functional>
#include <unordered_map>
#include <vector>

#include "adapters/rate_limiter/open.hpp"
#include "base/sync.hpp"

namespace kinora {

namespace {

/// A part of the keys under a lock of its own.
using Shard = std::unordered_map<std::string, ArrivalTime>;

// First those whose arrivals are all on time again, which say no more than absent ones. Half at once, so that a flood of new
// keys pays for one look at all of them only now and then.
void forget_the_nearest_half(Shard& shard) {
  std::vector<ArrivalTime> times;
  times.reserve(shard.size());
  for (const auto& [key, on_time] : shard) times.push_back(on_time);
  const auto middle = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 2);
  std::ranges::nth_element(times, middle);
  std::erase_if(shard, [limit = *middle](const auto& entry) { return entry.second <= limit; });
}

class MemoryRateLimiter final : public RateLimiter {
 public:
  MemoryRateLimiter(const Clock& clock, std::size_t keys_max)
      : clock_(clock), shard_keys_max_(std::max<std::size_t>(1, keys_max / shards_count)) {}

  Task<Result<RateDecision>> take(std::string key, RateRule rule) override {
    const auto now = clock_.now();
    auto& mine = shards_[std::hash<std::string>()(key) % shards_count];
    co_return mine.with([&](Shard& shard) {
      if (shard.size() >= shard_keys_max_ && !shard.contains(key)) forget_the_nearest_half(shard);
      return decide(rule, now, shard[std::move(key)]);
    });
  }

 private:
  static constexpr std::size_t shards_count = 16;

  const Clock& clock_;
  std::size_t shard_keys_max_;
  std::array<Guarded<Shard>, shards_count> shards_;
};

}  // namespace

std::unique_ptr<RateLimiter> open_memory_rate_limiter(const Clock& clock, std::size_t keys_max) {
  return std::make_unique<MemoryRateLimiter>(clock, keys_max);
}

}  // namespace kinora
