#include "jobs/cron.hpp"

#include "jobs/audit.hpp"
#include "jobs/cron_store.hpp"
#include "jobs/event_store.hpp"
#include "jobs/own_jobs.hpp"
#include "jobs/sweep_store.hpp"
#include "tests/jobs/works.hpp"

namespace kinora {
namespace {

using jobs::Context;
using jobs::CronEntry;
using jobs::CronRun;
using jobs::Outcome;
using jobs::State;
using testing::Background;
using testing::Counter;
using testing::Endings;
using testing::Node;
using testing::plain_job;
using testing::World;
using namespace std::chrono_literals;

Task<Outcome> succeed(Context) { co_return jobs::done(); }
Task<Outcome> break_down(Context) { co_return jobs::Fail{{ErrorKind::invalid, "no such folder"}}; }

Task<Result<std::int64_t>> count_jobs(Transaction tx) { return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM jobs"}); }
Task<Result<std::int64_t>> count_outbox(Transaction tx) {
  return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM outbox_events"});
}

/// One node's cron; its entry is due every hour.
class Ticker {
 public:
  Ticker(World& world, Node& node, std::chrono::seconds every = 1h) : Ticker(world, node, {{"hourly", every, "test.work"}}) {}
  Ticker(World& world, Node& node, std::vector<CronEntry> entries)
      : cron(node.queue, world.database(), world.clock, world.random, world.log, 1ms) {
    cron.add(std::move(entries));
  }
  void start() { background_.start(); }
  void stop() { background_.stop(); }

  jobs::Cron cron;

 private:
  Background background_{[this] { return cron.run(); }};
};

class JobCron : public ::testing::Test {
 protected:
  std::vector<CronRun> runs() { return world.read(jobs::cron_runs_of, std::string("hourly"), std::int64_t{100}).value(); }
  bool last_run_becomes(std::string_view status) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline)
      if (const auto all = runs(); !all.empty() && all.front().status == status) return true;
    return false;
  }

  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
};

TEST_F(JobCron, RunsAnEntryOnceInEachTick) {
  Node node(world, endings, {"one", succeed});
  Ticker ticker(world, node);
  node.start();
  ticker.start();

  ASSERT_TRUE(endings.count.reaches(1));
  world.clock.pass(1h);
  ASSERT_TRUE(endings.count.reaches(2));
  ticker.stop();

  ASSERT_EQ(runs().size(), 2U);
  EXPECT_EQ(runs()[0].due_at - runs()[1].due_at, 1h);
}

TEST_F(JobCron, RunsEntriesBehindOneThatCannotRun) {
  Node node(world, endings, {"one", succeed});
  Ticker ticker(world, node, {{"broken", 1h, "no.such.kind"}, {"hourly", 1h, "test.work"}});
  node.start();
  ticker.start();

  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(runs().size(), 1U);
}

TEST_F(JobCron, RunsATickOnceOverRestarts) {
  Node node(world, endings, {"one", succeed});
  node.start();

  for (int restart = 0; restart < 20; ++restart) {
    Ticker ticker(world, node);
    ticker.start();
    ASSERT_TRUE(endings.count.reaches(1));
    ticker.stop();
  }

  EXPECT_EQ(runs().size(), 1U);
}

TEST_F(JobCron, RunsATickOnceOverNodes) {
  Node node(world, endings, {"one", succeed});
  Ticker one(world, node);
  Ticker two(world, node);
  node.start();
  one.start();
  two.start();

  constexpr int ticks = 10;
  for (int tick = 1; tick <= ticks; ++tick) {
    ASSERT_TRUE(endings.count.reaches(tick));
    world.clock.pass(1h);
  }
  ASSERT_TRUE(endings.count.reaches(ticks + 1));
  one.stop();
  two.stop();

  EXPECT_EQ(runs().size(), ticks + 1U);
}

TEST_F(JobCron, RunsOnceForManyTicksThatNobodySaw) {
  Node node(world, endings, {"one", succeed});
  Ticker ticker(world, node);
  node.start();
  ticker.start();
  ASSERT_TRUE(endings.count.reaches(1));
  ticker.stop();

  world.clock.pass(24h);
  ticker.start();
  ASSERT_TRUE(endings.count.reaches(2));
  ticker.stop();

  EXPECT_EQ(runs().size(), 2U);
}

TEST_F(JobCron, RunsNoTickAgainWhenTheClockIsPutBack) {
  Node node(world, endings, {"one", succeed});
  Ticker ticker(world, node);
  node.start();
  ticker.start();
  ASSERT_TRUE(endings.count.reaches(1));
  ticker.stop();

  world.clock.pass(-3h);
  ticker.start();
  ticker.stop();
  world.clock.pass(4h);
  ticker.start();
  ASSERT_TRUE(endings.count.reaches(2));
  ticker.stop();

  EXPECT_EQ(runs().size(), 2U);
}

TEST_F(JobCron, BeginsNoRunBesideOneThatIsNotOver) {
  Event end;
  Counter begun;
  Node node(world, endings, {"one", [&](Context) { return testing::wait_for(end, &begun); }});
  Ticker ticker(world, node);
  node.start();
  ticker.start();
  ASSERT_TRUE(begun.reaches(1));

  world.clock.pass(1h);
  ticker.stop();
  ticker.start();
  ticker.stop();
  EXPECT_EQ(runs().size(), 1U);
  end.set();
  ASSERT_TRUE(endings.count.reaches(1));
  ticker.start();
  ASSERT_TRUE(endings.count.reaches(2));

  EXPECT_EQ(runs().size(), 2U);
}

TEST_F(JobCron, TellsHowARunEnded) {
  Node node(world, endings, {"one", break_down});
  Ticker ticker(world, node);
  node.start();

  ticker.start();
  ASSERT_TRUE(last_run_becomes("failed"));

  EXPECT_NE(runs().front().error->find("no such folder"), std::string::npos);
  EXPECT_TRUE(runs().front().finished_at);
}

TEST_F(JobCron, GoesOnWhenAnEntryGetsAnotherPeriod) {
  Node node(world, endings, {"one", succeed});
  node.start();
  Ticker hourly(world, node);
  hourly.start();
  ASSERT_TRUE(endings.count.reaches(1));
  hourly.stop();

  Ticker daily(world, node, 24h);
  world.clock.pass(24h);
  daily.start();

  EXPECT_TRUE(endings.count.reaches(2));
}

TEST_F(JobCron, SurvivesBeingStartedAndStopped) {
  Node node(world, endings, {"one", succeed});
  Ticker ticker(world, node, 1s);

  constexpr int rounds = 30;
  for (int round = 0; round < rounds; ++round) {
    node.start();
    ticker.start();
    world.clock.pass(1s);
    ticker.stop();
    node.stop();
  }
  node.start();
  ticker.start();
  ASSERT_TRUE(last_run_becomes("succeeded"));

  EXPECT_LE(runs().size(), rounds + 1U) << "no tick had two runs";
}

class JobSweep : public JobCron {
 protected:
  void sweep() { ASSERT_TRUE(world.write(jobs::remove_old, std::int64_t{100})); }
  void log_event() {
    const auto id = world.random.id<EventId>(world.clock);
    ASSERT_TRUE(world.write(jobs::insert_outbox, id, jobs::NewEvent{.topic = "video.updated"}));
    ASSERT_TRUE(world.write(jobs::move_to_log, std::int64_t{10}));
  }
  std::vector<jobs::LoggedEvent> logged() {
    return world.read(jobs::events_after, jobs::EventQuery{.subject = Uuid{}}).value();
  }
};

TEST_F(JobSweep, RemovesFinishedJobsAfterThirtyDaysAndNoOthers) {
  Node node(world, endings, {"one", succeed});
  const auto finished = world.write(testing::add_job, &node.queue, plain_job()).value();
  node.start();
  ASSERT_TRUE(endings.count.reaches(1));
  node.stop();
  const auto waiting = world.write(testing::add_job, &node.queue, plain_job()).value();

  world.clock.pass(std::chrono::days(29));
  sweep();
  EXPECT_TRUE(world.read(jobs::find_job, finished).value());
  world.clock.pass(std::chrono::days(2));
  sweep();

  EXPECT_FALSE(world.read(jobs::find_job, finished).value());
  EXPECT_TRUE(world.read(jobs::find_job, waiting).value()) << "what is not finished stays, however old";
}

TEST_F(JobSweep, LeavesNoHoleInTheLogBehindAClockThatWasPutBack) {
  log_event();
  world.clock.pass(-24h);
  log_event();
  world.clock.pass(25h);
  log_event();

  sweep();
  EXPECT_EQ(logged().size(), 3U) << "the second is a day old, the first is not";
  world.clock.pass(24h);
  sweep();

  EXPECT_EQ(logged().size(), 1U);
}

TEST_F(JobSweep, TakesNothingThatTheAuditMissesBehindAClockThatWasPutBack) {
  log_event();
  log_event();
  world.clock.pass(25h);
  log_event();
  sweep();
  world.clock.pass(-48h);
  log_event();

  const auto flaws = testing::run(jobs::audit(world.database(), {}, "/no/such/folder"));

  ASSERT_TRUE(flaws) << flaws.error().message;
  for (const auto& flaw : *flaws) ADD_FAILURE() << flaw.what;
}

TEST_F(JobSweep, KeepsTheLastEventSoThatPositionsGoOn) {
  for (int event = 0; event < 3; ++event) log_event();

  world.clock.pass(25h);
  sweep();

  const auto left = logged();
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front().position, 3);
  EXPECT_EQ(world.read(count_outbox).value(), 3) << "the outbox is kept for a week";
  world.clock.pass(std::chrono::days(7));
  sweep();
  EXPECT_EQ(world.read(count_outbox).value(), 0);
}

TEST_F(JobSweep, RemovesNoMoreAtOnceThanItWasTold) {
  Node node(world, endings, {"one", succeed});
  for (int job = 0; job < 5; ++job) world.write(testing::add_job, &node.queue, plain_job()).value();
  node.start();
  ASSERT_TRUE(endings.count.reaches(5));
  node.stop();
  world.clock.pass(std::chrono::days(31));

  EXPECT_EQ(world.write(jobs::remove_old, std::int64_t{3}).value(), 3);
  EXPECT_EQ(world.read(count_jobs).value(), 2);
  EXPECT_EQ(world.write(jobs::remove_old, std::int64_t{3}).value(), 2);
}

TEST_F(JobSweep, IsAJobThatComesRoundEveryHour) {
  Node node(world, endings, {"one", succeed});
  node.queue.add_workers(jobs::workers(node.queue, world.database()));
  const auto old = world.write(testing::add_job, &node.queue, plain_job()).value();
  node.start();
  ASSERT_TRUE(endings.count.reaches(1));
  world.clock.pass(std::chrono::days(31));

  ASSERT_EQ(jobs::cron().size(), 1U);
  EXPECT_EQ(jobs::cron().front().every, 1h);
  auto sweep_job = plain_job();
  sweep_job.kind = jobs::cron().front().job_kind;
  world.write(testing::add_job, &node.queue, sweep_job).value();
  ASSERT_TRUE(endings.count.reaches(2));

  EXPECT_FALSE(world.read(jobs::find_job, old).value());
}

Task<Result<void>> make_something(Transaction tx, JobId id) { return tx.made(id); }

TEST_F(JobSweep, ForgetsWhatRequestsMadeADayAgo) {
  Node node(world, endings, {"one", succeed});
  node.queue.add_workers(jobs::workers(node.queue, world.database()));
  node.start();
  Caller caller;
  caller.kind = Caller::Kind::person;
  caller.repeatable = std::make_shared<Repeatable>("key", JobKind::prefix, 202, "hash");
  ASSERT_TRUE(testing::run(world.database().transact(caller, make_something, JobId{})));
  world.clock.pass(25h);

  auto sweep_job = plain_job();
  sweep_job.kind = jobs::cron().front().job_kind;
  world.write(testing::add_job, &node.queue, sweep_job).value();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(testing::run(world.database().forget_made(Caller::system("test"), 100)).value(), 0) << "it is gone already";
}

}  // namespace
}  // namespace kinora
