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

}  // namespace kinora::jobs
