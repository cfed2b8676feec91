#include "jobs/cron_store.hpp"

#include "base/json.hpp"

namespace kinora::jobs {

namespace {

// The tick is kept as its time, not its number: an entry may be given another period.
constexpr Sql insert_run{R"sql(
  INSERT INTO cron_runs (id, name, due_at, started_at, status)
  SELECT $1, $2, db_now() / $3 * $3, db_now(), 'queued'
  WHERE NOT EXISTS (SELECT 1 FROM cron_runs WHERE name = $2 AND due_at >= db_now() / $3 * $3)
    AND NOT EXISTS (SELECT 1 FROM jobs WHERE unique_key = $4 AND state IN ('queued', 'running', 'retry_wait', 'snoozed'))
  ON CONFLICT DO NOTHING)sql"};
constexpr Sql finish_run{R"sql(UPDATE cron_runs SET finished_at = db_now(), status = $2, error = $3 WHERE id = $1)sql"};
constexpr Sql runs_by_name{R"sql(
  SELECT name, due_at, started_at, finished_at, status, error FROM cron_runs WHERE name = $1 ORDER BY due_at DESC LIMIT $2)sql"};

std::int64_t microseconds_of(std::chrono::microseconds time) { return time.count(); }

}  // namespace

Task<Result<bool>> begin_cron_run(Transaction tx, JobId run, CronEntry entry, std::string key) {
  const auto added =
      co_await ok(tx.change(insert_run, run, std::move(entry.name), microseconds_of(entry.every), std::move(key)));
  co_return added > 0;
}

Task<Result<void>> end_cron_run(Transaction tx, Job job) {
  if (job.subject.type != cron_subject) co_return {};
  const auto error = job.error ? std::optional(to_json(*job.error)) : std::nullopt;
  co_await ok(tx.change(finish_run, JobId{job.subject.id}, job.state, error));
  co_return {};
}

Task<Result<std::vector<CronRun>>> cron_runs_of(Transaction tx, std::string name, std::int64_t limit) {
  return tx.all<CronRun>(runs_by_name, std::move(name), limit);
}

}  // namespace kinora::jobs
