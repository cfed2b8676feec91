#include "jobs/own_jobs.hpp"
#include "tests/jobs/works.hpp"

namespace kinora {
namespace {

using jobs::Context;
using jobs::Job;
using jobs::JobQuery;
using jobs::Outcome;
using jobs::State;
using testing::Counter;
using testing::Endings;
using testing::kind_of;
using testing::Node;
using testing::plain_job;
using testing::World;
using namespace std::chrono_literals;

const Caller server = Caller::system("test");

/// Fails until it is mended.
Task<Outcome> work_unless(std::atomic<bool>& broken, Context) {
  if (broken) co_return jobs::Fail{{ErrorKind::invalid, "no such folder"}};
  co_return jobs::done();
}

class JobControl : public ::testing::Test {
 protected:
  Caller person() { return {.kind = Caller::Kind::person, .user = world.random.id<UserId>(world.clock)}; }
  static jobs::NewJob job_of(const Caller& who) {
    auto job = plain_job();
    job.user = who.user;
    return job;
  }
  JobId add(Node& to, jobs::NewJob job = plain_job()) {
    return world.write(testing::add_job, &to.queue, std::move(job)).value();
  }
  Job job(JobId id) { return world.read(jobs::find_job, id).value().value(); }
  Result<Job> cancel(Node& node, JobId id) { return testing::run(node.queue.cancel(server, id)); }
  Result<Job> retry(Node& node, JobId id) { return testing::run(node.queue.retry(server, id)); }
  std::vector<Job> list(Node& node, const Caller& caller, JobQuery query = {}) {
    return testing::run(node.queue.list(caller, std::move(query))).value();
  }
  std::vector<jobs::DeadLetter> letters(Node& node) {
    return testing::run(node.queue.dead_letters(server, Time::max(), DeadLetterId{}, 10)).value();
  }

  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
};

TEST_F(JobControl, CancelsAWaitingJobForGood) {
  Counter begun;
  Node node(world, endings, {"one", [&](Context) { return testing::always(begun, jobs::done()); }});
  const auto id = add(node);

  EXPECT_EQ(cancel(node, id)->state, State::cancelled);

  const auto next = add(node);
  node.start();
  ASSERT_TRUE(endings.count.reaches(2)) << "the observer heard of the cancelled one too";
  EXPECT_EQ(job(next).state, State::succeeded);
  EXPECT_EQ(begun.now(), 1);
}

TEST_F(JobControl, StopsARunningJobAtOnce) {
  Counter begun;
  Counter ended;
  Event never;
  Node node(world, endings, {"one", [&](Context) { return testing::wait_for(never, &begun, &ended); }});
  const auto id = add(node);
  node.start();
  ASSERT_TRUE(begun.reaches(1));

  ASSERT_TRUE(cancel(node, id));

  EXPECT_TRUE(ended.reaches(1)) << "no heartbeat comes within this test";
  node.stop();
  EXPECT_EQ(job(id).state, State::cancelled);
  EXPECT_FALSE(std::filesystem::exists(world.folder.path() / "scratch" / id.text()));
}

TEST_F(JobControl, CancelsTheChildrenOfAGroup) {
  Node node(world, endings, {"one", [](Context) { return jobs::refuse({}); }});
  const auto group = world.write(testing::open_group, &node.queue, plain_job()).value();
  auto child = plain_job();
  child.parent = group;
  const auto id = add(node, child);
  const auto stranger = add(node);

  ASSERT_TRUE(cancel(node, group));

  EXPECT_EQ(job(id).state, State::cancelled);
  EXPECT_EQ(job(stranger).state, State::queued);
}

TEST_F(JobControl, CancelsNothingThatIsOver) {
  Node node(world, endings, {"one", [](Context) { return jobs::refuse({ErrorKind::invalid, "broken"}); }});
  const auto id = add(node);
  node.start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(kind_of(cancel(node, id)), ErrorKind::conflict);
  EXPECT_EQ(job(id).state, State::failed);
}

TEST_F(JobControl, RunsAFailedJobAgainAsIfItWereNew) {
  std::atomic<bool> broken = true;
  Node node(world, endings, {"one", [&](Context context) { return work_unless(broken, context); }});
  const auto id = add(node);
  node.start();
  ASSERT_TRUE(endings.count.reaches(1));
  broken = false;

  EXPECT_EQ(retry(node, id)->id, id);
  ASSERT_TRUE(endings.count.reaches(2));

  EXPECT_EQ(job(id).state, State::succeeded);
  EXPECT_EQ(job(id).attempts, 1);
  EXPECT_FALSE(job(id).error);
}

TEST_F(JobControl, RetriesOnlyWhatFailedOrWasCancelled) {
  Node node(world, endings, {"one", [](Context) { return jobs::refuse({}); }});
  const auto id = add(node);

  EXPECT_EQ(kind_of(retry(node, id)), ErrorKind::conflict);
  ASSERT_TRUE(cancel(node, id));
  EXPECT_TRUE(retry(node, id));
}

TEST_F(JobControl, ShowsPeopleTheirOwnJobsAndAdminsAll) {
  Node node(world, endings, {"one", [](Context) { return jobs::refuse({}); }});
  const auto ana = person();
  const auto ben = person();
  auto admin = person();
  admin.role = Role::admin;
  const auto anas = add(node, job_of(ana));
  add(node, job_of(ben));
  add(node);

  ASSERT_EQ(list(node, ana).size(), 1U);
  EXPECT_EQ(list(node, ana).front().id, anas);
  EXPECT_EQ(list(node, admin).size(), 3U);
  EXPECT_EQ(kind_of(testing::run(node.queue.cancel(ben, anas))), ErrorKind::not_found);
  EXPECT_EQ(kind_of(testing::run(node.queue.retry(ben, anas))), ErrorKind::not_found);
}

TEST_F(JobControl, ListsPageByPageWithoutGapOrRepeat) {
  Node node(world, endings, {"one", [](Context) { return jobs::refuse({}); }});
  const auto ana = person();
  std::vector<JobId> newest_first;
  for (int each = 0; each < 5; ++each) {
    newest_first.insert(newest_first.begin(), add(node, job_of(ana)));
    if (each % 2 == 1) world.clock.pass(1s);
  }

  std::vector<Job> all;
  JobQuery query{.limit = 2};
  for (auto page = list(node, ana, query); !page.empty(); page = list(node, ana, query)) {
    query.before = page.back().created_at;
    query.before_id = page.back().id;
    std::ranges::move(page, std::back_inserter(all));
  }

  ASSERT_EQ(all.size(), 5U);
  for (std::size_t at = 1; at < all.size(); ++at) EXPECT_GE(all[at - 1].created_at, all[at].created_at);
  std::ranges::sort(newest_first);
  std::ranges::sort(all, {}, &Job::id);
  EXPECT_TRUE(std::ranges::equal(all, newest_first, {}, &Job::id));
}

TEST_F(JobControl, ListsByStateKindAndSubject) {
  Node node(world, endings, {"one", [](Context) { return jobs::refuse({}); }});
  auto about = plain_job();
  about.subject.id = world.random.id<VideoId>(world.clock).uuid;
  const auto id = add(node, about);
  const auto cancelled = add(node);
  ASSERT_TRUE(cancel(node, cancelled));

  ASSERT_EQ(list(node, server, {.subject = about.subject.id}).size(), 1U);
  EXPECT_EQ(list(node, server, {.subject = about.subject.id}).front().id, id);
  ASSERT_EQ(list(node, server, {.state = State::cancelled}).size(), 1U);
  EXPECT_EQ(list(node, server, {.state = State::cancelled}).front().id, cancelled);
  EXPECT_EQ(list(node, server, {.kind = "test.work"}).size(), 2U);
  EXPECT_EQ(list(node, server, {.kind = "test.other"}).size(), 0U);
}

TEST_F(JobControl, KeepsALetterOfWhatFailedForGood) {
  std::atomic<bool> broken = true;
  Node node(world, endings, {"one", [&](Context context) { return work_unless(broken, context); }});
  auto job = plain_job();
  job.args = R"({"folder":"a"})";
  const auto id = add(node, job);
  node.start();
  ASSERT_TRUE(endings.count.reaches(1));

  ASSERT_EQ(letters(node).size(), 1U);
  EXPECT_EQ(letters(node).front().id.uuid, id.uuid);
  EXPECT_EQ(letters(node).front().payload, job.args);
  EXPECT_NE(letters(node).front().error.find("no such folder"), std::string::npos);
  EXPECT_FALSE(letters(node).front().replayed_at);
  broken = false;
  ASSERT_TRUE(retry(node, id));
  ASSERT_TRUE(endings.count.reaches(2));
  EXPECT_TRUE(letters(node).front().replayed_at);
}

TEST_F(JobControl, WritesNoLetterWhileThereAreTriesLeft) {
  Counter tries;
  Node node(world, endings,
            {"one", [&](Context) { return testing::always(tries, jobs::Retry{{ErrorKind::unavailable, "not now"}}); }});
  add(node);
  node.start();

  for (int attempt = 1; attempt < 3; ++attempt) {
    ASSERT_TRUE(tries.reaches(attempt));
    EXPECT_TRUE(letters(node).empty());
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (list(node, server, {.state = State::retry_wait}).empty() && std::chrono::steady_clock::now() < deadline) {
    }
    world.clock.pass(1min);
  }
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_EQ(letters(node).size(), 1U);
}

TEST_F(JobControl, ForgetsALetterOnce) {
  Node node(world, endings, {"one", [](Context) { return jobs::refuse({ErrorKind::invalid, "broken"}); }});
  const auto id = add(node);
  node.start();
  ASSERT_TRUE(endings.count.reaches(1));

  EXPECT_TRUE(testing::run(node.queue.forget_dead_letter(server, DeadLetterId{id.uuid})));
  EXPECT_EQ(kind_of(testing::run(node.queue.forget_dead_letter(server, DeadLetterId{id.uuid}))), ErrorKind::not_found);
  EXPECT_EQ(job(id).state, State::failed) << "the job stays as it is";
}

TEST_F(JobControl, ReplaysAllOfAKind) {
  std::atomic<bool> broken = true;
  Node node(world, endings, {"one", [&](Context context) { return work_unless(broken, context); }});
  node.queue.add_workers(jobs::workers(node.queue, world.database()));
  for (int each = 0; each < 3; ++each) add(node);
  node.start();
  ASSERT_TRUE(endings.count.reaches(3));
  broken = false;

  EXPECT_EQ(kind_of(testing::run(node.queue.replay_all(server, "test.other"))), ErrorKind::invalid);
  ASSERT_TRUE(testing::run(node.queue.replay_all(server, "test.work")));
  ASSERT_TRUE(endings.count.reaches(7)) << "three failed, the replay, three again";

  EXPECT_EQ(list(node, server, {.state = State::succeeded, .kind = "test.work"}).size(), 3U);
}

constexpr Time start{std::chrono::seconds(1000)};

Job job_at(State state, double progress) {
  Job job;
  job.state = state;
  job.progress = progress;
  job.started_at = start;
  return job;
}

TEST(TimeLeft, IsToldByProgressOnceThatTells) {
  const auto job = job_at(State::running, 0.25);

  EXPECT_EQ(jobs::time_left(job, start + 10s, std::nullopt), 30s);
  EXPECT_EQ(jobs::time_left(job, start + 10s, 500s), 30s) << "this job knows better than its kind";
}

TEST(TimeLeft, IsThatOfItsKindBeforeProgressTells) {
  const auto job = job_at(State::running, 0.01);

  EXPECT_EQ(jobs::time_left(job, start + 10s, 60s), 50s);
  EXPECT_EQ(jobs::time_left(job, start + 10s, std::nullopt), std::nullopt);
}

TEST(TimeLeft, IsNotToldWhereNobodyKnows) {
  EXPECT_EQ(jobs::time_left(job_at(State::running, 0), start + 90s, 60s), std::nullopt) << "it takes longer than usual";
  EXPECT_EQ(jobs::time_left(job_at(State::queued, 0), start, 60s), std::nullopt) << "nobody knows when it begins";
  EXPECT_EQ(jobs::time_left(job_at(State::succeeded, 1), start, 60s), std::nullopt);
}

}  // namespace
}  // namespace kinora
