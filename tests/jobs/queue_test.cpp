#include "jobs/queue.hpp"

#include "tests/jobs/works.hpp"

namespace kinora {
namespace {

using jobs::Context;
using jobs::Job;
using jobs::NewJob;
using jobs::Outcome;
using jobs::State;
using testing::add_job;
using testing::add_job_and_fail;
using testing::code_of;
using testing::Counter;
using testing::Endings;
using testing::kind_of;
using testing::Node;
using testing::note;
using testing::plain_job;
using testing::World;
using namespace std::chrono_literals;

Task<Outcome> write_one_note(Context context) {
  const auto id = context.job().id;
  co_return jobs::done(note, id, std::string("worked"));
}

Task<Result<void>> write_what_is_there(Transaction) { co_return fail(ErrorKind::conflict, "there is one of these already"); }
Task<Outcome> leave_what_cannot_be_written(Context) { co_return jobs::done(write_what_is_there); }
Task<Outcome> throw_something(Context) {
  throw std::runtime_error("boom");
  co_return jobs::done();
}

class JobQueue : public ::testing::Test {
 protected:
  std::unique_ptr<Node> node(Node::Plan plan) { return std::make_unique<Node>(world, endings, std::move(plan)); }
  JobId add(Node& to, NewJob job = plain_job()) { return world.write(add_job, &to.queue, std::move(job)).value(); }
  Job job(JobId id) { return world.read(jobs::find_job, id).value().value(); }
  std::int64_t notes_saying(JobId id, const std::string& what) {
    return std::ranges::count(world.read(testing::notes_of, id).value(), what);
  }
  std::int64_t notes(JobId id) { return world.read(testing::count_notes, id).value(); }

  /// Servers that end in the middle of the only job.
  void die_with_a_job(int times) {
    for (int death = 0; death < times; ++death) {
      EXPECT_TRUE(world.write(jobs::claim_job, jobs::Claim{jobs::Lane::light, "died", 5s}).value());
      world.clock.pass(6s);
    }
  }

  /// Looks again and again, for as long as a slow machine may need.
  bool becomes(JobId id, State state) {
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (std::chrono::steady_clock::now() < deadline)
      if (job(id).state == state) return true;
    return false;
  }

  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
};

TEST_F(JobQueue, RunsAJobOnceAndKeepsItsResultWithItsEnd) {
  auto one = node({"one", write_one_note});
  const auto id = add(*one);

  one->start();
  ASSERT_TRUE(endings.count.reaches(1));
  one->stop();

  EXPECT_EQ(job(id).state, State::succeeded);
  EXPECT_EQ(job(id).attempts, 1);
  EXPECT_EQ(job(id).progress, 1);
  EXPECT_EQ(notes(id), 2) << "one by the worker's finish, one by the observer";
}

TEST_F(JobQueue, WakesOnCommitWithoutThePoll) {
  auto one = node({"one", write_one_note});
  one->start();

  const auto id = add(*one);

  ASSERT_TRUE(endings.count.reaches(1));
  EXPECT_EQ(job(id).state, State::succeeded);
}

TEST_F(JobQueue, KnowsNothingOfAJobWhoseTransactionFailed) {
  auto one = node({"one", write_one_note});

  const auto refused = world.write(add_job_and_fail, &one->queue, plain_job());

  EXPECT_EQ(kind_of(refused), ErrorKind::conflict);
  EXPECT_TRUE(world.read(jobs::list_jobs, jobs::JobQuery{}).value().empty());
}

TEST_F(JobQueue, RefusesAKindThatNobodyWorksOn) {
  auto one = node({"one", write_one_note});

  const auto refused = world.write(add_job, &one->queue, NewJob{.kind = "no.such", .subject = {"test", Uuid{}}});

  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("no.such"), std::string::npos);
}

TEST_F(JobQueue, TriesAgainLaterAndLater) {
  Counter tries;
  auto one = node({"one", [&](Context) { return testing::always(tries, jobs::Retry{{ErrorKind::unavailable, "not now"}}); }});
  const auto id = add(*one);
  one->start();

  ASSERT_TRUE(tries.reaches(1) && becomes(id, State::retry_wait));
  const auto first_wait = job(id).scheduled_at - world.clock.now();
  world.clock.pass(first_wait);
  ASSERT_TRUE(tries.reaches(2) && becomes(id, State::retry_wait));
  const auto second_wait = job(id).scheduled_at - world.clock.now();

  EXPECT_GE(first_wait, 800ms);
  EXPECT_LE(first_wait, 1200ms);
  EXPECT_GE(second_wait, 3200ms);
  EXPECT_LE(second_wait, 4800ms);
}

TEST_F(JobQueue, FailsForGoodAfterTheLastTry) {
  Counter tries;
  auto one = node({"one", [&](Context) { return testing::always(tries, jobs::Retry{{ErrorKind::unavailable, "not now"}}); }});
  const auto id = add(*one);
  one->start();

  for (int attempt = 1; attempt <= 2; ++attempt) {
    ASSERT_TRUE(tries.reaches(attempt) && becomes(id, State::retry_wait));
    world.clock.pass(1min);
  }
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::failed);
  EXPECT_EQ(job(id).attempts, 3);
  EXPECT_EQ(job(id).error->message, "not now");
}

TEST_F(JobQueue, FailsAtOnceWhatNoRetryCanMend) {
  Counter tries;
  auto one = node({"one", [&](Context) { return testing::always(tries, jobs::outcome_of({ErrorKind::invalid, "broken"})); }});
  const auto id = add(*one);

  one->start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::failed);
  EXPECT_EQ(tries.now(), 1);
}

TEST_F(JobQueue, CountsASnoozeAsNoTry) {
  Counter tries;
  auto one = node({"one", [&](Context context) { return testing::snooze_then_finish(tries, context); }});
  const auto id = add(*one);
  one->start();

  ASSERT_TRUE(tries.reaches(1) && becomes(id, State::snoozed));
  world.clock.pass(1min);
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).attempts, 1);
}

TEST_F(JobQueue, WaitsForADiskForAsLongAsItTakesAndSaysSo) {
  for (const std::string code : {"storage_full", "storage_failed"}) {
    Counter tries;
    auto one = node({"one", [&](Context) { return testing::find_the_disk_bad(tries, 5, code); }});
    const auto id = add(*one);
    one->start();

    for (int look = 1; look <= 5; ++look) {
      ASSERT_TRUE(tries.reaches(look) && becomes(id, State::snoozed)) << look;
      EXPECT_EQ(job(id).error->code, code);
      EXPECT_EQ(job(id).error->message, "no room");
      world.clock.pass(jobs::storage_pause);
    }
    ASSERT_TRUE(becomes(id, State::succeeded));

    EXPECT_EQ(job(id).attempts, 1);
    EXPECT_FALSE(job(id).error);
    EXPECT_EQ(notes_saying(id, "waits"), 5) << "the observer knows";
    EXPECT_EQ(notes_saying(id, "goes on"), 5);
  }
}

TEST_F(JobQueue, WaitsWhenItsResultsFindNoRoom) {
  Counter tries;
  auto one = node({"one", [&](Context) { return testing::leave_results_that_find_no_room_at_first(tries); }});
  const auto id = add(*one);
  one->start();

  ASSERT_TRUE(becomes(id, State::snoozed)) << "and does not keep its lease until that runs out";
  EXPECT_EQ(job(id).error->code, "storage_full");
  world.clock.pass(jobs::storage_pause);

  ASSERT_TRUE(endings.count.reaches(1));
  EXPECT_EQ(job(id).state, State::succeeded);
}

TEST_F(JobQueue, BeginsNoHeavyJobWhereThereIsNoRoom) {
  Counter tries;
  std::atomic<bool> is_full = true;
  auto one = node({.name = "one",
                   .work = [&](Context) { return testing::always(tries, jobs::done()); },
                   .lane = jobs::Lane::encode,
                   .room = [&] { return is_full ? testing::no_room() : Result<void>(); }});
  const auto id = add(*one);
  one->start();

  ASSERT_TRUE(becomes(id, State::snoozed));
  EXPECT_EQ(tries.now(), 0);
  is_full = false;
  world.clock.pass(jobs::storage_pause);

  ASSERT_TRUE(endings.count.reaches(1));
  EXPECT_EQ(tries.now(), 1);
}

TEST_F(JobQueue, GoesOnWithLightJobsWhereThereIsNoRoom) {
  auto one = node({.name = "one", .work = write_one_note, .room = testing::no_room});
  const auto id = add(*one);

  one->start();

  ASSERT_TRUE(endings.count.reaches(1)) << "one of them may make some";
  EXPECT_EQ(job(id).state, State::succeeded);
}

TEST_F(JobQueue, StopsAnAttemptThatTakesTooLong) {
  Event never;
  auto one = node({.name = "one", .work = [&](Context) { return testing::wait_for(never); }, .time_limit = 0s});
  const auto id = add(*one);

  one->start();
  ASSERT_TRUE(becomes(id, State::retry_wait));

  EXPECT_EQ(job(id).error->code, "timeout");
}

TEST_F(JobQueue, GivesRunningJobsBackAtOnceWhenItStops) {
  Counter begun;
  Event never;
  auto one = node({"one", [&](Context) { return testing::wait_for(never, &begun); }});
  auto two = node({"two", write_one_note});
  const auto id = add(*one);
  one->start();
  ASSERT_TRUE(begun.reaches(1));

  one->stop();

  EXPECT_EQ(job(id).state, State::queued);
  EXPECT_EQ(job(id).attempts, 0) << "a clean stop is no failed try";
  two->start();
  EXPECT_TRUE(endings.count.reaches(1)) << "no lease has to run out first";
}

TEST_F(JobQueue, TakesOverAJobWhoseLeaseRanOut) {
  auto one = node({"one", write_one_note});
  const auto id = add(*one);
  ASSERT_TRUE(world.write(jobs::claim_job, jobs::Claim{jobs::Lane::light, "died", 5s}).value());

  one->start();
  world.clock.pass(4s);
  EXPECT_EQ(job(id).state, State::running) << "its lease still holds";
  world.clock.pass(2s);
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::succeeded);
}

TEST_F(JobQueue, TakesOverAtStartWhatItsOwnDeadPredecessorHeld) {
  auto one = node({"one", write_one_note});
  const auto id = add(*one);
  ASSERT_TRUE(world.write(jobs::claim_job, jobs::Claim{jobs::Lane::light, "one", 5s}).value());

  one->start();

  ASSERT_TRUE(endings.count.reaches(1)) << "the clock stands still: no lease ran out";
  EXPECT_EQ(job(id).state, State::succeeded);
}

TEST_F(JobQueue, WritesNothingOfAWorkerThatLostItsLease) {
  Counter begun;
  Event wakes;
  auto slow = node(
      {.name = "slow", .work = [&](Context context) { return testing::wait_then_note(wakes, begun, context); }, .slots = 1});
  auto quick = node({"quick", write_one_note});
  const auto id = add(*slow);
  slow->start();
  ASSERT_TRUE(begun.reaches(1));

  world.clock.pass(6s);
  quick->start();
  ASSERT_TRUE(endings.count.reaches(1));
  wakes.set();
  ASSERT_TRUE(begun.reaches(2));
  slow->stop();

  EXPECT_EQ(job(id).state, State::succeeded);
  EXPECT_EQ(notes(id), 2) << "the quick worker's and the observer's, nothing of the slow one's";
}

TEST_F(JobQueue, EndsItsOwnOlderAttemptBeforeItRunsTheJobAgain) {
  Counter begun;
  Counter ended;
  Event never;
  auto one = node({"one", [&](Context context) { return testing::hang_once(never, begun, ended, context); }});
  const auto id = add(*one);
  one->start();
  ASSERT_TRUE(begun.reaches(1));

  world.clock.pass(6s);
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(world.read(testing::notes_of, id).value(), (std::vector<std::string>{"alone", "observed succeeded"}));
}

TEST_F(JobQueue, RefusesAWriteInTheMiddleOfWorkWithoutTheLease) {
  auto one = node({"one", write_one_note});
  const auto id = add(*one);
  auto attempt = std::make_shared<Context::Attempt>();
  attempt->job = world.write(jobs::claim_job, jobs::Claim{jobs::Lane::light, "slow", 5s}).value().value();
  const Context context(attempt, world.database());

  const auto held = testing::run(context.write(note, id, std::string("mine")));
  world.clock.pass(6s);
  ASSERT_TRUE(world.write(jobs::claim_job, jobs::Claim{jobs::Lane::light, "quick", 5s}).value());
  const auto lost = testing::run(context.write(note, id, std::string("stale")));

  EXPECT_TRUE(held);
  EXPECT_EQ(code_of(lost), "lease_lost");
  EXPECT_EQ(notes(id), 1);
}

TEST_F(JobQueue, KeepsALeaseByItsHeartbeat) {
  Counter begun;
  Event never;
  auto one = node({.name = "one", .work = [&](Context) { return testing::wait_for(never, &begun); }, .beat = 2ms});
  auto other = node({"other", write_one_note});
  const auto id = add(*one);
  one->start();
  ASSERT_TRUE(begun.reaches(1));
  other->start();

  // Never more than the lease between two beats; each pass waits until the lease was renewed past it.
  for (int step = 0; step < 5; ++step) {
    world.clock.pass(3s);
    ASSERT_TRUE(testing::lease_reaches(world, id, world.clock.now() + 5s));
  }

  EXPECT_EQ(job(id).state, State::running);
  EXPECT_EQ(job(id).attempts, 1);
}

TEST_F(JobQueue, KeepsWhatItWorksOnWhenTheClockIsPutForward) {
  Counter begun;
  Event never;
  auto one = node({.name = "one", .work = [&](Context) { return testing::wait_for(never, &begun); }, .beat = 1min});
  const auto id = add(*one);
  one->start();
  ASSERT_TRUE(begun.reaches(1));

  world.clock.pass(24h);
  ASSERT_TRUE(testing::lease_reaches(world, id, world.clock.now() + 5s));

  EXPECT_EQ(job(id).fence, 1) << "it took its own job over from itself";
}

TEST_F(JobQueue, RunsWhatWasQueuedThoughTheClockIsPutBack) {
  auto one = node({"one", write_one_note});
  add(*one);

  world.clock.pass(-24h);
  one->start();

  EXPECT_TRUE(endings.count.reaches(1));
}

TEST_F(JobQueue, StopsAnAttemptWhoseJobWasCancelled) {
  Counter begun;
  Counter ended;
  Event never;
  auto one = node({.name = "one", .work = [&](Context) { return testing::wait_for(never, &begun, &ended); }, .beat = 2ms});
  const auto id = add(*one);
  one->start();
  ASSERT_TRUE(begun.reaches(1));

  ASSERT_TRUE(world.write(jobs::cancel_live, jobs::Subject{"test", Uuid{}}));

  EXPECT_TRUE(ended.reaches(1)) << "the next heartbeat tells";
  one->stop();
  EXPECT_EQ(job(id).state, State::cancelled);
}

TEST_F(JobQueue, GivesUpAJobThatKeepsKillingItsProcess) {
  auto one = node({"one", write_one_note});
  const auto id = add(*one);
  die_with_a_job(10);

  one->start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::failed);
  EXPECT_NE(job(id).error->message.find("ended 10 times"), std::string::npos) << job(id).error->message;
}

TEST_F(JobQueue, CountsAnEndOfTheServerAsNoTry) {
  auto one = node({"one", write_one_note});
  const auto id = add(*one);
  die_with_a_job(9);

  one->start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::succeeded);
  EXPECT_EQ(job(id).attempts, 1);
}

TEST_F(JobQueue, HasOneLiveJobForAKey) {
  auto one = node({"one", write_one_note});
  auto keyed = plain_job();
  keyed.unique_key = "video-1";

  const auto first = add(*one, keyed);
  const auto second = add(*one, keyed);
  one->start();
  ASSERT_TRUE(endings.count.reaches(1));
  const auto third = add(*one, keyed);

  EXPECT_EQ(first, second);
  EXPECT_NE(first, third) << "the first one is over";
}

TEST_F(JobQueue, ClaimsUrgentJobsFirst) {
  auto one = node({"one", write_one_note});
  auto urgent = plain_job();
  urgent.priority = 9;
  add(*one);
  const auto first = add(*one, urgent);

  const auto claimed = world.write(jobs::claim_job, jobs::Claim{jobs::Lane::light, "any", 5s}).value();

  EXPECT_EQ(claimed->id, first);
}

TEST_F(JobQueue, WritesAnEndAgainThatTheDatabaseCouldNotTake) {
  auto one = node({.name = "one", .work = write_one_note, .beat = 1ms});
  const auto id = add(*one);
  endings.refuse_once();

  one->start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(endings.refusals.now(), 1);
  EXPECT_EQ(job(id).state, State::succeeded);
  EXPECT_EQ(job(id).attempts, 1) << "its work was not done again";
}

TEST_F(JobQueue, FailsAJobWhoseResultCannotBeWritten) {
  auto one = node({"one", leave_what_cannot_be_written});
  const auto id = add(*one);

  one->start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::failed);
  EXPECT_EQ(job(id).error->message, "there is one of these already");
}

TEST_F(JobQueue, SurvivesAWorkerThatThrows) {
  auto one = node({"one", throw_something});
  auto once = plain_job();
  once.max_attempts = 1;
  const auto id = add(*one, once);

  one->start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::failed);
  EXPECT_NE(job(id).error->message.find("boom"), std::string::npos);
}

TEST_F(JobQueue, RefusesAJobWhoseKeyBelongsToAnotherParent) {
  auto one = node({"one", write_one_note});
  auto keyed = plain_job();
  keyed.unique_key = "only one";
  add(*one, keyed);
  keyed.parent = world.write(testing::open_group, &one->queue, plain_job()).value();

  const auto refused = world.write(add_job, &one->queue, keyed);

  EXPECT_EQ(kind_of(refused), ErrorKind::internal) << "its end would never be told to the parent";
}

TEST_F(JobQueue, EndsNoJobWhoseObserverCannotWrite) {
  auto one = node({"one", write_one_note});
  const auto id = add(*one);
  endings.refuse_once();

  one->start();
  ASSERT_TRUE(endings.refusals.reaches(1));
  EXPECT_EQ(notes(id), 0) << "the worker's finish went with the transaction";
  world.clock.pass(6s);
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(job(id).state, State::succeeded);
  EXPECT_EQ(notes(id), 2);
}

TEST_F(JobQueue, EndsAGroupOnlyWhenToldTo) {
  auto one = node({"one", write_one_note});
  const auto group = world.write(testing::open_group, &one->queue, plain_job()).value();
  one->start();
  add(*one);
  ASSERT_TRUE(endings.count.reaches(1));
  EXPECT_EQ(job(group).state, State::running);

  ASSERT_TRUE(world.write(testing::close_group, &one->queue, group));

  EXPECT_EQ(job(group).state, State::succeeded);
}

TEST_F(JobQueue, ShowsAJobOnlyToItsOwnerAndAdmins) {
  auto one = node({"one", write_one_note});
  auto anas = plain_job();
  anas.user = UserId{world.random.id<UserId>(world.clock)};
  const auto id = add(*one, anas);
  Caller ana{.kind = Caller::Kind::person, .user = *anas.user};
  Caller ben{.kind = Caller::Kind::person, .user = world.random.id<UserId>(world.clock)};
  Caller admin{.kind = Caller::Kind::person, .user = ben.user, .role = Role::admin};

  EXPECT_TRUE(testing::run(one->queue.find(ana, id)).value());
  EXPECT_FALSE(testing::run(one->queue.find(ben, id)).value());
  EXPECT_FALSE(testing::run(one->queue.find(Caller{}, id)).value());
  EXPECT_TRUE(testing::run(one->queue.find(admin, id)).value());
}

TEST_F(JobQueue, LosesAndDoublesNothingWhenStartedAndStopped) {
  auto one = node({.name = "one", .work = write_one_note, .slots = 3});
  auto two = node({.name = "two", .work = write_one_note, .slots = 3});
  constexpr int rounds = 30;
  constexpr int jobs_per_round = 5;

  for (int round = 0; round < rounds; ++round) {
    auto& node = round % 2 == 0 ? *one : *two;
    node.start();
    for (int each = 0; each < jobs_per_round; ++each) add(node);
    node.stop();
  }
  one->start();
  two->start();
  ASSERT_TRUE(endings.count.reaches(rounds * jobs_per_round));
  one->stop();
  two->stop();

  EXPECT_EQ(world.read(testing::count_jobs_not_succeeded).value(), 0);
  EXPECT_EQ(world.read(testing::count_all_notes).value(), 2 * rounds * jobs_per_round);
}

}  // namespace
}  // namespace kinora
