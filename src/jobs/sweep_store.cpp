#include "jobs/sweep_store.hpp"

#include <algorithm>

namespace kinora::jobs {

namespace {

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

Task<Result<std::int64_t>> remove_old(Transaction tx, std::int64_t limit) {
  std::int64_t most = 0;
  for (const auto& each : kept) most = std::max(most, co_await ok(tx.change(each.remove, microseconds_of(each.time), limit)));
  co_return most;
}

}  // namespace kinora::jobs
