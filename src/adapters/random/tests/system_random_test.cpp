#include "adapters/random/system_random.hpp"

#include <gtest/gtest.h>

#include <set>

namespace kinora {
namespace {

TEST(SystemRandom, NeverRepeatsAToken) {
  const auto random = open_system_random();
  ASSERT_TRUE(random) << random.error().message;

  std::set<std::string> tokens;
  for (int i = 0; i < 1000; ++i) tokens.insert((*random)->token());

  EXPECT_EQ(tokens.size(), 1000u);
  EXPECT_EQ(tokens.begin()->size(), 43u);
}

TEST(SystemRandom, CanBeOpenedMoreThanOnce) {
  const auto first = open_system_random();
  const auto second = open_system_random();

  EXPECT_TRUE(first);
  EXPECT_TRUE(second);
}

}  // namespace
}  // namespace kinora
