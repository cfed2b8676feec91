#include "adapters/clock/system_clock.hpp"

#include <gtest/gtest.h>

namespace kinora {
namespace {

TEST(SystemClock, TellsTheWallClockOfThisMachine) {
  const auto before = std::chrono::system_clock::now();
  const auto now = SystemClock().now();
  const auto after = std::chrono::system_clock::now();

  EXPECT_GE(now, std::chrono::floor<std::chrono::microseconds>(before));
  EXPECT_LE(now, after);
}

}  // namespace
}  // namespace kinora
