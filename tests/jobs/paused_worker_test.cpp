#include "tests/jobs/works.hpp"

/// Workers that are stopped past their lease, as by SIGSTOP, and go on when others have done their work.
namespace kinora {
namespace {

using jobs::Context;
using jobs::Outcome;
using testing::Counter;
using testing::Endings;
using testing::Node;
using testing::note;
using testing::World;
using namespace std::chrono_literals;

constexpr int paused_jobs = 200;

struct Pause {
  Event over;
  Counter asleep;
  Counter refused;
};

/// Writes in the middle of its work, and at its end, after its time.
Task<Outcome> sleep_past_the_lease(Pause& pause, Context context) {
  const auto id = context.job().id;
  pause.asleep.add();
  static_cast<void>(co_await pause.over.wait());
  const auto written = co_await context.write(note, id, std::string("too late"));
  if (testing::code_of(written) == "lease_lost") pause.refused.add();
  co_return jobs::done(note, id, std::string("too late"));
}
Task<Outcome> write_one_note(Context context) {
  const auto id = context.job().id;
  co_return jobs::done(note, id, std::string("worked"));
}

/// Counts the ends that were refused.
class RefusedEnds final : public Log {
 public:
  void write(LogLevel, std::string_view event, std::initializer_list<LogField>) override {
    if (event == "job end not written") count.add();
  }
  Counter count;
};

// Whatever ends, its row is never of another state again: the database itself looks.
Task<Result<void>> watch_what_has_ended(Transaction tx) {
  co_await ok(
      tx.change(Sql{"CREATE TRIGGER over_is_over BEFORE UPDATE OF state ON jobs WHEN OLD.state = 'succeeded' "
                    "BEGIN INSERT INTO ledger (job_id, note) VALUES (OLD.id, 'went back to ' || NEW.state); END"}));
  co_return {};
}
Task<Result<std::vector<std::string>>> kinds_of_notes(Transaction tx) {
  return tx.all<std::string>(Sql{"SELECT note || ' ' || COUNT(*) FROM ledger GROUP BY note ORDER BY note"});
}

TEST(PausedWorker, IsRefusedWhateverItWritesWhenItGoesOn) {
  World world{{jobs::migrations(), {testing::ledger_step}}};
  Endings endings;
  Pause pause;
  RefusedEnds log;
  Node paused(world, endings,
              {.name = "paused",
               .work = [&](Context context) { return sleep_past_the_lease(pause, std::move(context)); },
               .slots = paused_jobs,
               .log = &log});
  Node other(world, endings, {"other", write_one_note});
  ASSERT_TRUE(world.write(watch_what_has_ended));
  for (int job = 0; job < paused_jobs; ++job) ASSERT_TRUE(world.write(testing::add_job, &paused.queue, testing::plain_job()));
  paused.start();
  ASSERT_TRUE(pause.asleep.reaches(paused_jobs));

  world.clock.pass(6s);
  other.start();
  ASSERT_TRUE(endings.count.reaches(paused_jobs));
  pause.over.set();

  EXPECT_TRUE(pause.refused.reaches(paused_jobs));
  EXPECT_TRUE(log.count.reaches(paused_jobs));
  EXPECT_EQ(world.read(kinds_of_notes).value(), (std::vector<std::string>{"observed succeeded 200", "worked 200"}));
}

}  // namespace
}  // namespace kinora
