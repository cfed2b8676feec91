#include "base/sync.hpp"

#include <gtest/gtest.h>

#include <atomic>

#include "base/deadline.hpp"
#include "base/task_group.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"

namespace kinora {
namespace {

using testing::run;

Task<Result<void>> wait_for(Event& event) {
  co_await ok(event.wait());
  co_return {};
}

Task<void> count_when_set(Event& event, std::atomic<int>& woken) {
  if (co_await wait_for(event)) ++woken;
}

Task<void> wake_many(std::atomic<int>& woken) {
  Event event;
  TaskGroup group((co_await this_fiber).executor);
  for (int at = 0; at < 100; ++at) group.spawn(count_when_set(event, woken));
  event.set();
  co_await group.join();
}

TEST(Event, WakesEveryoneOnce) {
  std::atomic<int> woken = 0;

  run(wake_many(woken));

  EXPECT_EQ(woken, 100);
}

Task<void> give_up_waiting() {
  Event event;
  const auto late = co_await within(5ms, wait_for(event));
  EXPECT_EQ(late.error().kind, ErrorKind::timeout);
  event.set();
  EXPECT_TRUE(co_await wait_for(event));
}

TEST(Event, CanBeGivenUpByADeadlineAndAwaitedAgain) { run(give_up_waiting()); }

struct Crowd {
  Semaphore places{3};
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> served = 0;
};

Task<Result<void>> enter(Crowd& crowd) {
  const auto permit = co_await ok(crowd.places.acquire());
  const int now = ++crowd.inside;
  for (int seen = crowd.most; now > seen && !crowd.most.compare_exchange_weak(seen, now);) {
  }
  co_await ok(pause_for(100us));
  --crowd.inside;
  ++crowd.served;
  co_return {};
}

Task<void> visit(Crowd& crowd) { EXPECT_TRUE(co_await enter(crowd)); }

Task<void> open_the_doors(Crowd& crowd) {
  TaskGroup group((co_await this_fiber).executor);
  for (int at = 0; at < 200; ++at) group.spawn(visit(crowd));
  co_await group.join();
}

TEST(Semaphore, NeverLetsInMoreThanItHasPermits) {
  Crowd crowd;

  run(open_the_doors(crowd));

  EXPECT_EQ(crowd.served, 200);
  EXPECT_LE(crowd.most, 3);
}

Task<void> hold_one(Semaphore& semaphore, Event& held) {
  const auto permit = co_await semaphore.acquire();
  EXPECT_TRUE(permit);
  held.set();
  const auto stopped = co_await pause_for(1h);
  EXPECT_FALSE(stopped);
}

// Whether the stop or the holder's permit comes first is a race; either way the permit must come back.
Task<void> wait_and_drop(Semaphore& semaphore) { const auto permit = co_await semaphore.acquire(); }

Task<void> stop_a_waiter() {
  Semaphore semaphore(1);
  Event held;
  TaskGroup group((co_await this_fiber).executor);
  group.spawn(hold_one(semaphore, held));
  EXPECT_TRUE(co_await held.wait());
  group.spawn(wait_and_drop(semaphore));
  group.stop();
  co_await group.join();
  EXPECT_TRUE(semaphore.try_acquire());
}

TEST(Semaphore, LosesNoPermitToAStoppedWaiter) { run(stop_a_waiter()); }

Task<void> consume(Queue<int>& queue, std::atomic<int>& sum) {
  while (true) {
    const auto item = co_await queue.pop();
    if (!item || !*item) break;
    sum += **item;
  }
}

Task<void> pass_a_thousand(std::atomic<int>& sum) {
  Queue<int> queue(1000);
  TaskGroup group((co_await this_fiber).executor);
  for (int at = 0; at < 4; ++at) group.spawn(consume(queue, sum));
  for (int at = 1; at <= 1000; ++at) EXPECT_TRUE(queue.push(at));
  queue.close();
  co_await group.join();
}

TEST(Queue, DeliversEachItemOnceAndEndsWhenClosed) {
  std::atomic<int> sum = 0;

  run(pass_a_thousand(sum));

  EXPECT_EQ(sum, 500500);
}

TEST(Queue, RefusesItemsPastItsBound) {
  Queue<int> queue(1);

  EXPECT_TRUE(queue.push(1));
  EXPECT_FALSE(queue.push(2));
}

}  // namespace
}  // namespace kinora
