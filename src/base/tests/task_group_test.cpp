#include "base/task_group.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "base/deadline.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"

namespace kinora {
namespace {

using testing::run;

Task<void> wait_for_stop(std::atomic<int>& cancelled) {
  const auto result = co_await pause_for(1h);
  if (!result && result.error().kind == ErrorKind::cancelled) ++cancelled;
}

Task<void> stop_a_hundred(std::atomic<int>& cancelled) {
  TaskGroup group((co_await this_fiber).executor);
  for (int at = 0; at < 100; ++at) group.spawn(wait_for_stop(cancelled));
  group.stop();
  co_await group.join();
  EXPECT_EQ(group.size(), 0U);
}

TEST(TaskGroup, StopsThenJoinsItsChildren) {
  std::atomic<int> cancelled = 0;

  run(stop_a_hundred(cancelled));

  EXPECT_EQ(cancelled, 100);
}

Task<void> own_a_child(std::atomic<int>& cancelled) {
  TaskGroup group((co_await this_fiber).executor);
  group.spawn(wait_for_stop(cancelled));
  co_await group.join();
}

Task<void> stop_the_owner(std::atomic<int>& cancelled) {
  TaskGroup group((co_await this_fiber).executor);
  group.spawn(own_a_child(cancelled));
  group.stop();
  co_await group.join();
}

TEST(TaskGroup, StopsItsChildrenWhenTheJoiningFiberIsStopped) {
  std::atomic<int> cancelled = 0;

  run(stop_the_owner(cancelled));

  EXPECT_EQ(cancelled, 1);
}

Task<bool> is_stopped_by_nothing_after_a_pause() {
  (void)co_await pause_for(1us);
  co_return !(co_await this_fiber).signal.slot().has_handler();
}

TEST(TaskGroup, StopsNothingThatHasEnded) { EXPECT_TRUE(run(is_stopped_by_nothing_after_a_pause())); }

Task<void> busy(std::atomic<int>& ended) {
  for (int at = 0; at < 20; ++at) {
    if (!co_await pause_for(std::chrono::microseconds(at * 10))) break;
  }
  ++ended;
}

Task<void> stop_while_busy(std::atomic<int>& ended) {
  for (int round = 0; round < 20; ++round) {
    TaskGroup group((co_await this_fiber).executor);
    for (int at = 0; at < 50; ++at) group.spawn(busy(ended));
    if (round % 2 == 0) group.stop();
    co_await group.join();
  }
}

TEST(TaskGroup, SurvivesStopRacingWithWork) {
  std::atomic<int> ended = 0;

  run(stop_while_busy(ended));

  EXPECT_EQ(ended, 1000);
}

}  // namespace
}  // namespace kinora
