#include "base/task.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>

#include "base/deadline.hpp"
#include "base/pool.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"

namespace kinora {
namespace {

using testing::run;

Task<Result<int>> half(int number) {
  if (number % 2 != 0) co_return fail(ErrorKind::invalid, "odd");
  co_return number / 2;
}

Task<Result<int>> quarter(int number) {
  const auto once = co_await ok(half(number));
  co_return co_await ok(half(once));
}

Task<Result<int>> forever() {
  co_await ok(pause_for(1h));
  co_return 1;
}

Task<Result<int>> throws() {
  throw std::runtime_error("boom");
  co_return 1;
}

Task<Result<int>> through(Task<Result<int>> inner, std::shared_ptr<int> local) {
  const auto keep = local;
  co_return co_await ok(std::move(inner));
}

TEST(Task, YieldsTheValueOfItsLastStep) { EXPECT_EQ(run(quarter(8)).value(), 2); }

TEST(Task, EndsWithTheFirstError) { EXPECT_EQ(run(quarter(6)).error().kind, ErrorKind::invalid); }

TEST(Task, FreesTheLocalsOfFramesThatAnErrorPassesOver) {
  const auto local = std::make_shared<int>(1);

  EXPECT_FALSE(run(through(quarter(6), local)));

  EXPECT_EQ(local.use_count(), 1);
}

Task<void> expect_throw() { EXPECT_THROW((void)co_await through(throws(), std::make_shared<int>(1)), std::runtime_error); }
TEST(Task, CarriesExceptionsThroughOk) { run(expect_throw()); }

Task<void> late_then_fine() {
  const auto late = co_await within(5ms, through(forever(), std::make_shared<int>(1)));
  EXPECT_EQ(late.error().kind, ErrorKind::timeout);

  const auto next = co_await within(10s, quarter(8));
  EXPECT_EQ(next.value(), 2);
}
TEST(Deadline, EndsTheWorkAndLetsTheFiberGoOn) { run(late_then_fine()); }

Task<void> inner_deadline_under_outer() {
  const auto late = co_await within(10s, through(within(5ms, forever()), std::make_shared<int>(1)));
  EXPECT_EQ(late.error().kind, ErrorKind::timeout);
  EXPECT_FALSE((co_await this_fiber).stopped);
}
TEST(Deadline, NestsTheInnerFiringFirst) { run(inner_deadline_under_outer()); }

int twice(int number) { return 2 * number; }
Result<int> refuse(int) { return fail(ErrorKind::quota, "full"); }

Task<Result<int>> pooled(Pool& pool) {
  const auto doubled = co_await ok(on(pool, twice, 21));
  EXPECT_EQ(doubled, 42);
  co_return co_await ok(on(pool, refuse, doubled));
}

TEST(Pool, ReturnsToTheFiberAndCarriesErrors) {
  Pool pool("test", 2, 8);

  EXPECT_EQ(run(pooled(pool)).error().kind, ErrorKind::quota);
}

TEST(Pool, RefusesWorkPastItsQueue) {
  Pool pool("tiny", 1, 0);
  ASSERT_TRUE(pool.enter());

  const auto refused = run(pooled(pool));

  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_NE(refused.error().message.find("tiny"), std::string::npos);
}

Task<Result<int>> waits_inside_a_transaction() {
  (co_await this_fiber).in_transaction = true;
  co_return co_await forever();
}
TEST(FiberDeathTest, EndsTheProcessWhenATransactionBodyWaitsForSomethingElse) {
  EXPECT_DEATH((void)run(waits_inside_a_transaction()), "may await only its Transaction");
}

}  // namespace
}  // namespace kinora
