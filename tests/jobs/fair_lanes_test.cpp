#include "jobs/cpu_budget.hpp"
#include "tests/jobs/works.hpp"

namespace kinora {
namespace {

using jobs::Context;
using jobs::CpuBudget;
using jobs::Lane;
using jobs::State;
using testing::Background;
using testing::Counter;
using testing::Endings;
using testing::Node;
using testing::plain_job;
using testing::World;
using namespace std::chrono_literals;

Task<Result<void>> end_well(Transaction tx, JobId id) { return jobs::end_attempt(tx, id, {.state = State::succeeded}); }
Task<Result<void>> snooze(Transaction tx, JobId id) {
  return jobs::end_attempt(tx, id, {.state = State::snoozed, .delay = 1h});
}

class FairLane : public ::testing::Test {
 protected:
  JobId add(std::optional<UserId> user, int priority = 5) {
    auto job = plain_job();
    job.user = user;
    job.priority = priority;
    world.clock.pass(1ms);
    return world.write(testing::add_job, &node.queue, std::move(job)).value();
  }
  jobs::Job claim() {
    world.clock.pass(1ms);
    return world.write(jobs::claim_job, jobs::Claim{Lane::light, "any", 1h}).value().value();
  }
  bool is_empty() { return !world.write(jobs::claim_job, jobs::Claim{Lane::light, "any", 1h}).value(); }

  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
  Node node{world, endings, {"one", [](Context) { return jobs::refuse({}); }}};
  std::optional<UserId> ana = world.random.id<UserId>(world.clock);
  std::optional<UserId> ben = world.random.id<UserId>(world.clock);
};

TEST_F(FairLane, LetsNobodyWaitForAllOfAnothersJobs) {
  for (int each = 0; each < 5; ++each) add(ana);
  for (int each = 0; each < 2; ++each) add(ben);

  std::vector<std::optional<UserId>> order;
  for (int each = 0; each < 7; ++each) order.push_back(claim().user);

  EXPECT_EQ(order, (std::vector{ana, ben, ana, ben, ana, ana, ana}));
  EXPECT_TRUE(is_empty());
}

TEST_F(FairLane, ServesWhoHasTheFewestRunningFirst) {
  add(ana);
  ASSERT_EQ(claim().user, ana);
  add(ben);
  ASSERT_TRUE(world.write(end_well, claim().id));
  add(ana);
  add(ben);

  EXPECT_EQ(claim().user, ben) << "served last, but nothing of his runs";
}

TEST_F(FairLane, ServesAmongEqualsWhoWasServedLongestAgo) {
  for (const auto& user : {ben, ana}) {
    add(user);
    ASSERT_TRUE(world.write(end_well, claim().id));
  }
  add(ana);
  add(ben);

  EXPECT_EQ(claim().user, ben);
}

TEST_F(FairLane, CountsPriorityBeforeTurns) {
  add(ana);
  ASSERT_EQ(claim().user, ana);
  add(ben);
  const auto urgent = add(ana, 9);

  EXPECT_EQ(claim().id, urgent);
}

TEST_F(FairLane, PassesOverWhoseJobsAreNotDue) {
  add(ben);
  ASSERT_TRUE(world.write(snooze, claim().id));
  const auto first = add(ana);
  const auto second = add(ana);

  EXPECT_EQ(claim().id, first);
  EXPECT_EQ(claim().id, second);
  EXPECT_TRUE(is_empty());
}

TEST_F(FairLane, CountsTheServersOwnJobsAsOneMoreUsers) {
  for (int each = 0; each < 3; ++each) add(std::nullopt);
  add(ana);

  EXPECT_EQ(claim().user, std::nullopt);
  EXPECT_EQ(claim().user, ana);
}

TEST_F(FairLane, CountsNoGroupAsRunning) {
  auto group = plain_job();
  group.user = ben;
  ASSERT_TRUE(world.write(testing::open_group, &node.queue, group));
  add(ana);
  ASSERT_EQ(claim().user, ana);
  add(ana);
  ASSERT_EQ(claim().user, ana);
  add(ana);
  add(ben);

  EXPECT_EQ(claim().user, ben);
}

TEST_F(FairLane, TakesUpFirstWhatADeadWorkerLeft) {
  const auto left = add(ana);
  ASSERT_EQ(claim().id, left);
  add(ben, 9);
  world.clock.pass(2h);

  EXPECT_EQ(claim().id, left);
}

using Served = std::vector<std::string>;

Task<void> take_and_note(CpuBudget& budget, std::size_t cores, std::string name, Served& served) {
  const auto share = co_await budget.take(cores);
  if (share) served.push_back(std::move(name));
}
Task<void> let_go(std::optional<CpuBudget::Share>& share) {
  share.reset();
  co_return;
}
Task<void> stop(TaskGroup& group) {
  group.stop();
  co_return;
}

// All fibers of these tests share one strand, so they come in the order in which they are spawned.

Task<Result<Served>> ask_for_many_then_few() {
  Fiber& fiber = co_await this_fiber;
  CpuBudget budget(2);
  Served served;
  TaskGroup line(fiber.executor);
  std::optional<CpuBudget::Share> first;
  first.emplace(co_await ok(budget.take(1)));
  line.spawn(take_and_note(budget, 2, "many", served), fiber.executor);
  line.spawn(take_and_note(budget, 1, "few", served), fiber.executor);
  line.spawn(let_go(first), fiber.executor);
  co_await line.join();
  co_return served;
}

TEST(CpuBudget, ServesWhoAsksForManyBeforeWhoCameLaterAndAsksForFew) {
  EXPECT_EQ(testing::run(ask_for_many_then_few()).value(), (Served{"many", "few"}));
}

Task<Result<Served>> give_up_in_the_line() {
  Fiber& fiber = co_await this_fiber;
  CpuBudget budget(2);
  Served served;
  TaskGroup impatient(fiber.executor);
  TaskGroup patient(fiber.executor);
  const auto held_throughout = co_await ok(budget.take(1));
  impatient.spawn(take_and_note(budget, 2, "many", served), fiber.executor);
  patient.spawn(take_and_note(budget, 1, "few", served), fiber.executor);
  patient.spawn(stop(impatient), fiber.executor);
  co_await patient.join();
  co_await impatient.join();
  co_return served;
}

TEST(CpuBudget, MovesOnWhenOneInTheLineGivesUp) { EXPECT_EQ(testing::run(give_up_in_the_line()).value(), Served{"few"}); }

Task<Result<Served>> ask_for_too_many_and_for_none() {
  CpuBudget budget(2);
  Served served;
  const auto all = co_await ok(budget.take(8));
  co_await take_and_note(budget, 0, "none", served);
  co_return served;
}

TEST(CpuBudget, GivesAllWhereMoreIsAskedForAndNothingForNothing) {
  EXPECT_EQ(testing::run(ask_for_too_many_and_for_none()).value(), Served{"none"});
}

class SharedMachine : public ::testing::Test {
 protected:
  static jobs::NewJob job_of(std::string kind) { return {.kind = std::move(kind), .subject = {"test", Uuid{}}}; }
  JobId add(std::string kind) { return world.write(testing::add_job, &queue, job_of(std::move(kind))).value(); }
  State state(JobId id) { return world.read(jobs::find_job, id).value()->state; }

  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
  jobs::Queue queue{{.worker = "one",
                     .scratch = world.folder.path() / "scratch",
                     .cores = {{Lane::encode, 2}, {Lane::inference, 1}},
                     .cores_max = 2,
                     .beat = 1h,
                     .poll = 5ms},
                    world.database(),
                    world.clock,
                    world.random,
                    world.log};
  Background background{[this] { return queue.run(); }};
};

TEST_F(SharedMachine, LetsHeavyJobsTakeTurnsAndLightOnesPass) {
  Counter encoding;
  Counter hearing;
  Counter passing;
  Event encoded;
  const auto finish = [](Counter& counter) { return testing::always(counter, jobs::done()); };
  queue.add_workers({{"encode", Lane::encode, 60s, [&](Context) { return testing::wait_for(encoded, &encoding); }},
                     {"hear", Lane::inference, 60s, [&](Context) { return finish(hearing); }},
                     {"probe", Lane::light, 60s, [&](Context) { return finish(passing); }}});
  queue.set_observer(endings);
  add("encode");
  background.start();
  ASSERT_TRUE(encoding.reaches(1));

  const auto heard = add("hear");
  for (int each = 0; each < 20; ++each) add("probe");
  ASSERT_TRUE(passing.reaches(20)) << "light jobs need no core";
  EXPECT_EQ(state(heard), State::queued) << "both cores encode; it holds no lease while it waits";
  encoded.set();

  EXPECT_TRUE(hearing.reaches(1));
  EXPECT_TRUE(endings.count.reaches(22));
}

TEST_F(SharedMachine, FailsAPoisonJobForGoodWhileOtherLanesGoOn) {
  Counter tries;
  Counter passing;
  const jobs::Outcome crashed = jobs::outcome_of({ErrorKind::internal, "its child was ended by signal 11"});
  queue.add_workers({{"poison", Lane::encode, 60s, [&](Context) { return testing::always(tries, crashed); }},
                     {"probe", Lane::light, 60s, [&](Context) { return testing::always(passing, jobs::done()); }}});
  queue.set_observer(endings);
  const auto poison = add("poison");
  background.start();

  for (int attempt = 1; attempt <= 3; ++attempt) {
    ASSERT_TRUE(tries.reaches(attempt));
    add("probe");
    ASSERT_TRUE(passing.reaches(attempt));
    while (state(poison) == State::running) std::this_thread::yield();
    world.clock.pass(1min);
  }
  ASSERT_TRUE(endings.count.reaches(4));

  EXPECT_EQ(state(poison), State::failed);
  EXPECT_EQ(tries.now(), 3);
}

}  // namespace
}  // namespace kinora
