#include <atomic>

#include "adapters/rate_limiter/open.hpp"
#include "ports/rate_limiter_contract.hpp"

namespace kinora {
namespace {

class HandClock final : public Clock {
 public:
  Time now() const override { return Time(std::chrono::microseconds(now_us_.load())); }
  void pass(std::chrono::microseconds time) { now_us_ += time.count(); }

 private:
  std::atomic<std::int64_t> now_us_ = 1'795'219'200'000'000;
};

class MemoryByHandClock {
 public:
  explicit MemoryByHandClock(std::size_t keys_max = 1000) : limiter_(open_memory_rate_limiter(clock_, keys_max)) {}
  RateLimiter& limiter() { return *limiter_; }
  void pass(std::chrono::microseconds time) { clock_.pass(time); }
  RateDecision take(const std::string& key) { return testing::run(limiter_->take(key, {5, std::chrono::minutes(1)})).value(); }

 private:
  HandClock clock_;
  std::unique_ptr<RateLimiter> limiter_;
};

INSTANTIATE_TYPED_TEST_SUITE_P(Memory, RateLimiterContract, MemoryByHandClock);

TEST(MemoryRateLimiter, StaysFullOfTheBusiestKeysUnderAFloodOfOthers) {
  MemoryByHandClock world(160);
  for (int arrival = 0; arrival < 5; ++arrival) world.take("busy");

  for (int other = 0; other < 2000; ++other) world.take("other " + std::to_string(other));

  EXPECT_FALSE(world.take("busy").allowed);
}

TEST(MemoryRateLimiter, HasRoomForSoManyKeysAndNoMore) {
  MemoryByHandClock world(160);
  world.take("first");

  for (int other = 0; other < 2000; ++other)
    for (int arrival = 0; arrival < 2; ++arrival) world.take("other " + std::to_string(other));

  EXPECT_EQ(world.take("first").remaining, 4) << "it was forgotten, so it is new";
}

TEST(MemoryRateLimiter, ForgetsQuietKeysFirst) {
  MemoryByHandClock world(160);
  for (int quiet = 0; quiet < 160; ++quiet) world.take("quiet " + std::to_string(quiet));
  world.pass(std::chrono::minutes(1));
  for (int arrival = 0; arrival < 5; ++arrival) world.take("busy");

  for (int other = 0; other < 5; ++other) world.take("other " + std::to_string(other));

  EXPECT_FALSE(world.take("busy").allowed);
}

}  // namespace
}  // namespace kinora
