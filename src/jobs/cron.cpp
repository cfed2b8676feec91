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

}  // namespace

void Cron::add(std::vector<CronEntry> entries) { std::ranges::move(entries, std::back_inserter(entries_)); }

Task<void> Cron::run() {
  do {
    co_await add_due();
  } while (co_await pause_for(look_));
}

Task<void> Cron::add_due() {
  const Fiber& fiber = co_await this_fiber;
  for (const auto& entry : entries_) {
    const auto run = random_.id<JobId>(clock_);
    const auto added = co_await database_.transact(Caller::system("cron"), add_if_due, entry, run, &queue_);
    if (!added && !fiber.stopped)
      log_.error("cron cannot add a job", {{"entry", entry.name}, {"error", added.error().message}});
  }
}

}  // namespace kinora::jobs
