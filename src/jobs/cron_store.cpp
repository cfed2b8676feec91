#include "jobs/cron_store.hpp"

#include <algorithm>

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

constexpr Sql old_jobs{R"sql(
  DELETE FROM jobs WHERE id IN (SELECT id FROM jobs WHERE finished_at < db_now() - $1 ORDER BY finished_at LIMIT $2))sql"};
constexpr Sql old_outbox{R"sql(
  DELETE FROM outbox_events
  WHERE id IN (SELECT id FROM outbox_events WHERE published_at < db_now() - $1 ORDER BY published_at LIMIT $2))sql"};
// From the front, up to the first that is not old: behind a clock that was put back, old ones lie between, and a hole in the
// log would be missed by who reads on from before it. The last one stays: the next position is counted from it.
constexpr Sql old_events{R"sql(
  DELETE FROM events
  WHERE position IN (SELECT position FROM events
                     WHERE position < COALESCE((SELECT MIN(position) FROM events WHERE created_at >= db_now() - $1),
                                               (SELECT MAX(position) FROM events))
                     ORDER BY position LIMIT $2))sql"};
constexpr Sql old_runs{R"sql(
  DELETE FROM cron_runs
  WHERE id IN (SELECT id FROM cron_runs WHERE started_at < db_now() - $1 ORDER BY started_at LIMIT $2))sql"};

constexpr Sql old_letters{R"sql(
  DELETE FROM dead_letters
  WHERE id IN (SELECT id FROM dead_letters WHERE created_at < db_now() - $1 ORDER BY created_at LIMIT $2))sql"};

struct Kept {
  Sql remove;
  std::chrono::hours time;
};
constexpr Kept kept[] = {
    {old_jobs, std::chrono::days(30)},    {old_letters, std::chrono::days(30)}, {old_outbox, std::chrono::days(7)},
    {old_events, std::chrono::hours(24)}, {old_runs, std::chrono::days(90)},
};

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

Task<Result<std::int64_t>> remove_old(Transaction tx, std::int64_t limit) {
  std::int64_t most = 0;
  for (const auto& each : kept) most = std::max(most, co_await ok(tx.change(each.remove, microseconds_of(each.time), limit)));
  co_return most;
}

Task<Result<std::vector<CronRun>>> cron_runs_of(Transaction tx, std::string name, std::int64_t limit) {
  return tx.all<CronRun>(runs_by_name, std::move(name), limit);
}

}  // namespace kinora::jobs
