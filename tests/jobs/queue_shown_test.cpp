#include "jobs/watcher.hpp"
#include "tests/jobs/works.hpp"

namespace kinora {
namespace {

using jobs::Context;
using jobs::Job;
using jobs::NewJob;
using jobs::Outcome;
using testing::add_job;
using testing::Counter;
using testing::Endings;
using testing::Node;
using testing::plain_job;
using testing::World;

Task<Outcome> write_one_note(Context context) {
  const auto id = context.job().id;
  co_return jobs::done(testing::note, id, std::string("worked"));
}

/// Keeps what it is shown of each job: its state and its progress.
class KeptViews final : public jobs::Watcher {
 public:
  void on_change(const Job& job) override {
    views_.with([&](auto& all) { all.push_back({job.id, std::string(name_of(job.state))}); });
    changes.add();
  }
  void on_progress(const Job& job) override {
    views_.with([&](auto& all) { all.push_back({job.id, std::to_string(job.progress)}); });
    steps.add();
  }
  std::vector<std::string> of(JobId id) {
    std::vector<std::string> seen;
    for (const auto& [job, view] : views_.with([](auto& all) { return all; }))
      if (job == id) seen.push_back(view);
    return seen;
  }

  Counter changes;
  Counter steps;

 private:
  Guarded<std::vector<std::pair<JobId, std::string>>> views_;
};

Task<Outcome> show_progress_until(Event& enough, Context context) {
  context.progress(0.25);
  context.progress(0.5);
  const auto come = co_await enough.wait();
  co_return come ? jobs::done() : jobs::outcome_of(come.error());
}

class QueueShown : public ::testing::Test {
 protected:
  std::unique_ptr<Node> node(testing::Work work) {
    return std::make_unique<Node>(world, endings, Node::Plan{.name = "one", .work = std::move(work)});
  }
  JobId add(Node& to, NewJob job = plain_job()) { return world.write(add_job, &to.queue, std::move(job)).value(); }

  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
};

TEST_F(QueueShown, RemovesAtItsStartTheScratchFoldersOfJobsThatAreOver) {
  Event never;
  Counter begun;
  auto one = node([&](Context) { return testing::wait_for(never, &begun); });
  const auto id = add(*one);
  const auto scratch = world.folder.path() / "scratch";
  std::filesystem::create_directories(scratch / id.text() / "kept");
  std::filesystem::create_directories(scratch / "job_00000000000000000000000000");

  one->start();
  ASSERT_TRUE(begun.reaches(1));

  EXPECT_TRUE(std::filesystem::exists(scratch / id.text() / "kept"));
  EXPECT_FALSE(std::filesystem::exists(scratch / "job_00000000000000000000000000"));
}

TEST_F(QueueShown, ShowsBeginningProgressAndEnd) {
  Event enough;
  KeptViews views;
  auto one = node([&](Context context) { return show_progress_until(enough, std::move(context)); });
  one->queue.set_watcher(views);
  const auto id = add(*one);

  one->start();
  ASSERT_TRUE(views.steps.reaches(1));
  enough.set();
  ASSERT_TRUE(views.changes.reaches(2));
  one->stop();

  EXPECT_EQ(views.of(id), (std::vector<std::string>{"running", std::to_string(0.5), "succeeded"}))
      << "the latest progress once, and the end as it was committed";
}

TEST_F(QueueShown, ShowsTheGroupWhenAChildHasEnded) {
  KeptViews views;
  auto one = node(write_one_note);
  one->queue.set_watcher(views);
  const auto group = world.write(testing::open_group, &one->queue, plain_job()).value();
  auto child = plain_job();
  child.parent = group;
  add(*one, std::move(child));

  one->start();
  ASSERT_TRUE(views.changes.reaches(3));
  one->stop();

  EXPECT_EQ(views.of(group), std::vector<std::string>{"running"});
}

}  // namespace
}  // namespace kinora
