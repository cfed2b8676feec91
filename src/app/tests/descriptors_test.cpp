#include "app/descriptors.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "http/server.hpp"

namespace kinora::app {
namespace {

TEST(Descriptors, LeaveConnectionsOneForThemselvesAndOneForAFile) { EXPECT_EQ(connections_within(256), 64); }

TEST(Descriptors, LetNoMoreConnectionsInThanAServerTakes) {
  EXPECT_EQ(connections_within(1'000'000), http::Limits{}.connections);
}

TEST(Descriptors, LetSomeoneInHoweverFewThereAre) { EXPECT_EQ(connections_within(64), 16); }

TEST(Descriptors, AreAllThatTheSystemAllows) {
  const auto taken = take_all_descriptors();

  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
  EXPECT_EQ(limit.rlim_cur, taken);
}

}  // namespace
}  // namespace kinora::app
