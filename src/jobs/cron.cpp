#include "jobs/cron.hpp"

#include <algorithm>
#include <iterator>

#include "base/deadline.hpp"
#include "jobs/cron_store.hpp"

namespace kinora::jobs {

namespace {

Task<Result<void>> add_if_due(Transaction tx, CronEntry entry, JobId run, Queue* queue) {
  const auto key = "cron:" + entry.name;
  if (!co_await ok(begin_cron_run(tx, run, entry, key))) co_return {};
  NewJob job{.kind = entry.job_kind, .subject = {std::string(cron_subject), run.uuid}, .unique_key = key};
  co_await ok(queue->add(tx, std::move(job)));
  co_return {};
}

/// What is older than it is kept; nothing else refers to it.
struct Sweep {
  static constexpr std::string_view kind = "jobs.sweep";
};

class SweepWorker {
 public:
  Task<Outcome> work(Context context, Sweep) {
    const auto swept = co_await sweep(std::move(context));
    co_return swept ? done() : outcome_of(swept.error());
  }

 private:
  // Batches, so that writes of people come in between; a backlog that is larger still waits for the next tick.
  static constexpr int batches_max = 1000;
  static constexpr std::int64_t batch_size = 500;

  static Task<Result<void>> sweep(Context context) {
    for (int batch = 0; batch < batches_max; ++batch) {
      const auto removed = co_await ok(context.write(remove_old, batch_size));
      if (removed < batch_size) break;
    }
    co_return {};
  }
};

}  // namespace

void Cron::add(std::vector<CronEntry> entries) { std::ranges::move(entries, std::back_inserter(entries_)); }

Task<void> Cron::run() {
  do {
    const auto added = co_await add_due();
    if (!added) log_.error("cron cannot add jobs", {{"error", added.error().message}});
  } while (co_await pause_for(look_));
}

Task<Result<void>> Cron::add_due() {
  for (const auto& entry : entries_) {
    const auto run = random_.id<JobId>(clock_);
    co_await ok(database_.transact(Caller::system("cron"), add_if_due, entry, run, &queue_));
  }
  co_return {};
}

std::vector<CronEntry> cron() { return {{"jobs.sweep", std::chrono::hours(1), std::string(Sweep::kind)}}; }

std::vector<WorkerKind> workers() {
  return {worker<Sweep>(std::make_shared<SweepWorker>(), Lane::light, std::chrono::minutes(30))};
}

}  // namespace kinora::jobs
