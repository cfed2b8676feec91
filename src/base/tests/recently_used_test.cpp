#include "base/recently_used.hpp"

#include <gtest/gtest.h>

namespace kinora {
namespace {

TEST(RecentlyUsed, ForgetsWhatWasAskedForTheLongestAgo) {
  RecentlyUsed<int> cache(2);
  cache.put("a", 1);
  cache.put("b", 2);
  cache.find("a");

  cache.put("c", 3);

  EXPECT_EQ(cache.find("a"), 1);
  EXPECT_FALSE(cache.find("b").has_value());
  EXPECT_EQ(cache.find("c"), 3);
}

}  // namespace
}  // namespace kinora
