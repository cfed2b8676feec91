#pragma once

#include <map>

#include "jobs/held.hpp"
#include "tests/jobs/instant_database.hpp"
#include "tests/jobs/node.hpp"

namespace kinora::testing {

/// The tables of the queue, its clock and its dice, for one simulation after the other.
struct Stage {
  Stage() {
    queue.add_workers({{"test.work", jobs::Lane::light, 60s, {}}});
    EXPECT_TRUE(run(database.migrate(steps())));
  }
  static std::vector<Migration> steps() {
    auto all = jobs::migrations();
    all.push_back(ledger_step);
    return all;
  }

  ManualClock clock;
  SeededRandom random;
  SilentLog log;
  InstantDatabase database{clock, log};
  jobs::Queue queue{{.worker = "nobody", .scratch = "."}, database, clock, random, log};
};

/// Processes that add, claim, work, end, pause and die as the dice say, on a clock that the dice move. A model says beside it
/// what must come of each step; what is otherwise is the error of live().
class Simulation {
 public:
  Simulation(Stage& stage, std::uint64_t seed) : stage_(stage), dice_(seed) {}

  /// That many jobs from their beginning to their end; the tables are empty afterwards.
  Task<Result<void>> live(std::size_t jobs);

 private:
  /// What the model knows of a job.
  struct Life {
    jobs::State state = jobs::State::queued;
    std::int64_t fence = 0;  ///< the last one given; what has an older one is refused
    std::string holder{};
    Time lease_until{};
  };
  /// What a process believes to hold.
  using Hand = std::vector<jobs::Job>;
  using Step = Task<Result<void>> (Simulation::*)();

  Task<Result<void>> add();
  Task<Result<void>> claim();
  Task<Result<void>> beat();
  Task<Result<void>> end();
  Task<Result<void>> pause();
  Task<Result<void>> wake();
  Task<Result<void>> die();
  Task<Result<void>> stop();
  Task<Result<void>> cancel();
  Task<Result<void>> retry();
  Task<Result<void>> pass_time();
  Task<Result<void>> drain();
  Task<Result<void>> compare();

  Task<Result<bool>> claim_as(std::string worker);
  Task<Result<void>> end_one(Hand& hand);
  Result<void> note_claim(const jobs::Job& job, const std::string& worker);
  jobs::Ending ending_of(const jobs::Job& job);
  bool holds(const jobs::Job& job) const;
  std::optional<JobId> any_job(bool live);
  std::uint64_t roll(std::uint64_t sides) { return dice_() % sides; }
  Step next_step();
  const std::string& any_worker();

  Stage& stage_;
  std::mt19937_64 dice_;
  std::map<JobId, Life> lives_;
  std::map<std::string, Hand> hands_;
  Hand asleep_;  ///< of processes that were paused; they do not know that time passes
};

}  // namespace kinora::testing
