#include "jobs/own_jobs.hpp"

#include <algorithm>

#include "jobs/dead_letters.hpp"
#include "jobs/queue.hpp"
#include "jobs/sweep_store.hpp"

namespace kinora::jobs {

namespace {

class SweepWorker {
 public:
  explicit SweepWorker(Database& database) : database_(database) {}

  Task<Outcome> work(Context context, Sweep) {
    const auto swept = co_await sweep(std::move(context));
    co_return swept ? done() : outcome_of(swept.error());
  }

 private:
  // Batches, so that writes of people come in between; a backlog that is larger still waits for the next tick.
  static constexpr int batches_max = 1000;
  static constexpr std::int64_t batch_size = 500;

  Task<Result<void>> sweep(Context context) {
    for (int batch = 0; batch < batches_max; ++batch) {
      const auto removed = co_await ok(context.write(remove_old, batch_size));
      const auto forgotten = co_await ok(database_.forget_made(context.caller(), batch_size));
      if (std::max(removed, forgotten) < batch_size) break;
    }
    co_return {};
  }

  Database& database_;
};

class ReplayAllWorker {
 public:
  ReplayAllWorker(Queue& queue, Database& database) : queue_(queue), database_(database) {}

  Task<Outcome> work(Context context, ReplayAll args) {
    const auto replayed = co_await replay(std::move(context), std::move(args.of));
    co_return replayed ? done() : outcome_of(replayed.error());
  }

 private:
  // What is left over can be asked for again.
  static constexpr std::int64_t letters_max = 10'000;

  Task<Result<void>> replay(Context context, std::string kind) {
    const auto letters = co_await ok(database_.scan(context.caller(), letters_of_kind, std::move(kind), letters_max));
    for (const auto job : letters) {
      const auto again = co_await queue_.retry(context.caller(), job);
      // One that cannot run now (its video is being processed) keeps its letter; the others go on.
      const bool passed_over =
          !again && (again.error().kind == ErrorKind::conflict || again.error().kind == ErrorKind::not_found);
      if (!again && !passed_over) co_return std::unexpected(again.error());
    }
    co_return {};
  }

  Queue& queue_;
  Database& database_;
};

}  // namespace

std::vector<CronEntry> cron() { return {{"jobs.sweep", std::chrono::hours(1), std::string(Sweep::kind)}}; }

std::vector<WorkerKind> workers(Queue& queue, Database& database) {
  using std::chrono::minutes;
  return {
      worker<Sweep>(std::make_shared<SweepWorker>(database), Lane::light, minutes(30)),
      worker<ReplayAll>(std::make_shared<ReplayAllWorker>(queue, database), Lane::light, minutes(30)),
  };
}

}  // namespace kinora::jobs
