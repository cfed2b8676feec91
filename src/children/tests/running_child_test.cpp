#include "children/running_child.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>
#include <csignal>

#include "base/deadline.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"

namespace kinora {
namespace {

using testing::run;

/// Its pidfd is always readable, as if every readiness came for a descriptor that was there before it.
Result<Spawned> sleeper_that_seems_to_have_ended() {
  auto spawned = spawn_process({"/bin/sleep", "5"}, {});
  if (spawned) spawned->process = Descriptor(::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC));
  return spawned;
}

Task<Result<void>> wait_for_end_of(Spawned spawned) {
  RunningChild child((co_await this_fiber).executor, std::move(spawned), ChildSpec{});
  co_return co_await within(50ms, child.ended());
}

TEST(RunningChild, HasNotEndedWhenOnlyItsDescriptorSaysSo) {
  auto spawned = sleeper_that_seems_to_have_ended();
  ASSERT_TRUE(spawned) << spawned.error().message;

  const auto ended = run(wait_for_end_of(*std::move(spawned)));

  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind, ErrorKind::timeout);
}

Task<Result<ChildExit>> end_of(Spawned spawned, std::optional<Error>* why) {
  RunningChild child((co_await this_fiber).executor, std::move(spawned), ChildSpec{});
  co_await ok(within(10s, child.ended()));
  auto exit = child.take_exit();
  *why = child.killed_because();
  co_return exit;
}

TEST(RunningChild, DoesNotSeemToSucceedWhenSomebodyElseHasWaitedForIt) {
  const auto before = std::signal(SIGCHLD, SIG_IGN);  // the kernel waits, and tells nobody
  auto spawned = spawn_process({"/bin/sleep", "0.2"}, {});
  ASSERT_TRUE(spawned) << spawned.error().message;
  std::optional<Error> why;

  const auto exit = run(end_of(*std::move(spawned), &why));
  std::signal(SIGCHLD, before);

  ASSERT_TRUE(exit);
  EXPECT_NE(exit->code, 0);
  EXPECT_TRUE(why);
}

}  // namespace
}  // namespace kinora
