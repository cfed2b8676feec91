#pragma once

#include <gtest/gtest.h>

#include <random>
#include <thread>
#include <vector>

#include "base/tests/run.hpp"
#include "ports/rate_limiter.hpp"

namespace kinora {

/// What every rate limiter must do. `World` has `RateLimiter& limiter()`, without any key, and `void pass(time)`, which moves
/// the clock that it counts by, back for a negative time.
template <class World>
class RateLimiterContract : public ::testing::Test {
 protected:
  static constexpr RateRule five_a_minute{5, std::chrono::minutes(1)};

  RateDecision take(std::string key = "ana", RateRule rule = five_a_minute) {
    return testing::run(world.limiter().take(std::move(key), rule)).value();
  }
  /// How many of `arrivals` at this moment pass.
  int passing(int arrivals, std::string key = "ana", RateRule rule = five_a_minute) {
    int passed = 0;
    for (int arrival = 0; arrival < arrivals; ++arrival) passed += take(key, rule).allowed ? 1 : 0;
    return passed;
  }

  World world;
};
TYPED_TEST_SUITE_P(RateLimiterContract);

TYPED_TEST_P(RateLimiterContract, LetsAsManyPassAtOnceAsTheRuleCounts) { EXPECT_EQ(this->passing(20), 5); }

TYPED_TEST_P(RateLimiterContract, TellsWhatIsLeft) {
  const auto first = this->take();
  const auto second = this->take();

  EXPECT_EQ(first.limit, 5);
  EXPECT_EQ(first.remaining, 4);
  EXPECT_EQ(first.reset, std::chrono::seconds(12));
  EXPECT_EQ(second.remaining, 3);
  EXPECT_EQ(second.reset, std::chrono::seconds(24));
  EXPECT_EQ(second.retry_after, std::chrono::seconds(0));
}

TYPED_TEST_P(RateLimiterContract, TellsWhenTheNextOnePasses) {
  this->passing(5);
  this->world.pass(std::chrono::seconds(2));

  const auto refused = this->take();

  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.remaining, 0);
  EXPECT_EQ(refused.retry_after, std::chrono::seconds(10));
  EXPECT_EQ(refused.reset, std::chrono::seconds(58));
}

TYPED_TEST_P(RateLimiterContract, LetsOnePassExactlyWhenItSaid) {
  this->passing(5);
  const auto wait = this->take().retry_after;

  this->world.pass(wait - std::chrono::microseconds(1));
  EXPECT_EQ(this->passing(1), 0);
  this->world.pass(std::chrono::microseconds(1));
  EXPECT_EQ(this->passing(2), 1);
}

TYPED_TEST_P(RateLimiterContract, ARefusalCostsNothing) {
  this->passing(5);
  this->passing(1000);
  this->world.pass(std::chrono::seconds(12));

  EXPECT_EQ(this->passing(2), 1);
}

TYPED_TEST_P(RateLimiterContract, AllPassAgainAfterThePeriod) {
  this->passing(5);
  this->world.pass(std::chrono::minutes(1));

  EXPECT_EQ(this->passing(20), 5);
}

TYPED_TEST_P(RateLimiterContract, CountsEachKeyByItself) {
  for (int key = 0; key < 50; ++key) EXPECT_EQ(this->passing(20, "key " + std::to_string(key)), 5);
}

TYPED_TEST_P(RateLimiterContract, ARuleOfNoneLetsNothingPass) {
  const auto refused = this->take("ana", {0, std::chrono::hours(24)});

  EXPECT_FALSE(refused.allowed);
  EXPECT_EQ(refused.limit, 0);
  EXPECT_EQ(refused.retry_after, std::chrono::hours(24));
}

TYPED_TEST_P(RateLimiterContract, AClockSetBackCostsAtMostOnePeriod) {
  this->passing(5);
  this->world.pass(-std::chrono::hours(3));

  EXPECT_LE(this->take().retry_after, std::chrono::minutes(1));
  this->world.pass(std::chrono::minutes(1));
  EXPECT_GE(this->passing(5), 1);
}

TYPED_TEST_P(RateLimiterContract, APeriodThatDoesNotDivideIsNeverExceeded) {
  constexpr RateRule rule{7, std::chrono::seconds(60)};
  this->passing(7, "ana", rule);
  int later = 0;
  for (int second = 0; second < 600; ++second) {
    this->world.pass(std::chrono::seconds(1));
    later += this->passing(1, "ana", rule);
  }

  EXPECT_LE(later, 70);
  EXPECT_GE(later, 65);
}

// By a model that keeps every arrival: within any stretch of time no more pass than the burst and what has flowed in since.
TYPED_TEST_P(RateLimiterContract, NeverLetsMorePassThanTheRuleInAnyStretch) {
  constexpr RateRule rule{10, std::chrono::seconds(10)};
  std::mt19937 dice(20261127);
  std::vector<std::chrono::milliseconds> passed;
  std::chrono::milliseconds now{};
  for (int arrival = 0; arrival < 2000; ++arrival) {
    const std::chrono::milliseconds pause(dice() % 1500);
    now += pause;
    this->world.pass(pause);
    if (this->take("ana", rule).allowed) passed.push_back(now);
  }

  for (std::size_t first = 0; first < passed.size(); ++first)
    for (std::size_t last = first; last < std::min(passed.size(), first + 40); ++last) {
      const auto stretch = std::chrono::duration<double>(passed[last] - passed[first]).count();
      ASSERT_LE(static_cast<double>(last - first + 1), 10 + stretch + 1e-6);
    }
}

TYPED_TEST_P(RateLimiterContract, ThreadsTogetherGetNoMoreThanOne) {
  std::atomic<int> passed = 0;
  {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < 8; ++thread)
      threads.emplace_back([&] { passed += this->passing(50, "shared", {100, std::chrono::hours(1)}); });
  }

  EXPECT_EQ(passed, 100);
}

REGISTER_TYPED_TEST_SUITE_P(RateLimiterContract, LetsAsManyPassAtOnceAsTheRuleCounts, TellsWhatIsLeft,
                            TellsWhenTheNextOnePasses, LetsOnePassExactlyWhenItSaid, ARefusalCostsNothing,
                            AllPassAgainAfterThePeriod, CountsEachKeyByItself, ARuleOfNoneLetsNothingPass,
                            AClockSetBackCostsAtMostOnePeriod, APeriodThatDoesNotDivideIsNeverExceeded,
                            NeverLetsMorePassThanTheRuleInAnyStretch, ThreadsTogetherGetNoMoreThanOne);

}  // namespace kinora
