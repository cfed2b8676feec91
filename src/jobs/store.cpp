#include "jobs/store.hpp"

#include "base/failpoints.hpp"
#include "base/json.hpp"
#include "jobs/held.hpp"
#include "jobs/worker.hpp"

namespace kinora::jobs {

namespace {

constexpr std::string_view step_001 =
#include "jobs/migrations/001_jobs.sql.inc"
    ;
constexpr std::string_view step_002 =
#include "jobs/migrations/002_events.sql.inc"
    ;
constexpr std::string_view step_003 =
#include "jobs/migrations/003_cron.sql.inc"
    ;
constexpr std::string_view step_004 =
#include "jobs/migrations/004_dead_letters.sql.inc"
    ;
constexpr std::string_view step_005 =
#include "jobs/migrations/005_fair_lanes.sql.inc"
    ;
constexpr std::string_view step_006 =
#include "jobs/migrations/006_deaths.sql.inc"
    ;
constexpr std::string_view step_007 =
#include "jobs/migrations/007_published_positions.sql.inc"
    ;

constexpr SqlPart columns = R"part(
  id, kind, lane, state, priority, args, subject_type, subject_id, user_id, parent_id, attempts, max_attempts, progress, fence,
  result, error, run_at, started_at, finished_at, created_at, updated_at)part";

constexpr Sql insert_queued{R"sql(
  INSERT INTO jobs (id, kind, lane, state, priority, args, subject_type, subject_id, user_id, parent_id, unique_key,
                    attempts, max_attempts, progress, run_at, fence, created_at, updated_at, claimant)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, 0, db_now(), 0, db_now(), db_now(), COALESCE($9, ''))
  ON CONFLICT DO NOTHING)sql"};

constexpr Sql live_with_key{R"sql(
  SELECT id, parent_id FROM jobs WHERE unique_key = $1 AND state IN ('queued', 'running', 'retry_wait', 'snoozed'))sql"};

constexpr Sql lost_job{R"sql(
  SELECT id FROM jobs WHERE state = 'running' AND lease_until < db_now() AND lease_until < $2 AND lane = $1
  ORDER BY lease_until LIMIT 1 @skip_locked)sql"};

// Hops from claimant to claimant on the index jobs_turn, so its cost grows with the users that wait, not with their jobs. Of
// each the job that is next for it; of these the one whose claimant has the fewest running, then was served longest ago. What
// is queued may run whatever its run_at says: a clock that was put back must not make it wait.
constexpr Sql next_job{R"sql(
  WITH RECURSIVE
    waiting (claimant) AS (
      SELECT MIN(claimant) FROM jobs WHERE lane = $1 AND state IN ('queued', 'retry_wait', 'snoozed')
      UNION ALL
      SELECT (SELECT MIN(claimant) FROM jobs
              WHERE lane = $1 AND state IN ('queued', 'retry_wait', 'snoozed') AND claimant > waiting.claimant)
      FROM waiting WHERE waiting.claimant IS NOT NULL),
    at_work (claimant, jobs) AS (
      SELECT claimant, COUNT(*) FROM jobs WHERE lane = $1 AND state = 'running' AND lease_until > 0 GROUP BY claimant)
  SELECT next.id
  FROM waiting JOIN jobs AS next ON next.id = (
    SELECT id FROM jobs
    WHERE lane = $1 AND claimant = waiting.claimant AND state IN ('queued', 'retry_wait', 'snoozed')
          AND (state = 'queued' OR run_at <= db_now())
    ORDER BY priority DESC, run_at LIMIT 1)
  ORDER BY next.priority DESC,
           COALESCE((SELECT at_work.jobs FROM at_work WHERE at_work.claimant = waiting.claimant), 0),
           COALESCE((SELECT MAX(started_at) FROM jobs
                     WHERE lane = $1 AND claimant = waiting.claimant AND started_at IS NOT NULL), 0),
           next.run_at
  LIMIT 1 @skip_locked)sql"};

// The server's end is not the job's fault: it costs no try. But what ends the server each time it is tried must end.
constexpr Sql count_death{R"sql(
  UPDATE jobs SET deaths = deaths + 1, attempts = CASE WHEN deaths + 1 < $2 THEN attempts - 1 ELSE max_attempts END
  WHERE id = $1)sql"};

constexpr Sql take_job = sql_of<R"sql(
  UPDATE jobs SET state = 'running', worker = $2, fence = fence + 1, attempts = attempts + 1,
                  lease_until = db_now() + $3, started_at = COALESCE(started_at, db_now()), updated_at = db_now()
  WHERE id = $1
  RETURNING)sql",
                                columns>;

constexpr Sql renew_lease{R"sql(
  UPDATE jobs SET lease_until = db_now() + $3, progress = $4 WHERE id = $1 AND fence = $2 AND state = 'running')sql"};

constexpr Sql held{R"sql(SELECT id FROM jobs WHERE id = $1 AND fence = $2 AND state = 'running')sql"};

constexpr Sql finish{R"sql(
  UPDATE jobs SET state = $2, result = $3, error = $4, run_at = db_now() + $5, lease_until = NULL, worker = NULL,
                  progress = CASE WHEN $2 = 'succeeded' THEN 1 ELSE progress END, updated_at = db_now(),
                  finished_at = CASE WHEN $2 IN ('succeeded', 'failed', 'cancelled') THEN db_now() END,
                  attempts = CASE WHEN $2 = 'snoozed' THEN attempts - 1 ELSE attempts END
  WHERE id = $1 AND state = 'running')sql"};

constexpr Sql release{R"sql(
  UPDATE jobs SET state = 'queued', lease_until = NULL, worker = NULL, attempts = attempts - 1, fence = fence + 1,
                  updated_at = db_now()
  WHERE worker = $1 AND state = 'running')sql"};

constexpr Sql expire{R"sql(UPDATE jobs SET lease_until = 0 WHERE worker = $1 AND state = 'running')sql"};

constexpr Sql progress_of_group{R"sql(UPDATE jobs SET progress = $2, updated_at = db_now() WHERE id = $1)sql"};

constexpr Sql cancel_subject{R"sql(
  UPDATE jobs SET state = 'cancelled', finished_at = db_now(), updated_at = db_now(), lease_until = NULL
  WHERE subject_type = $1 AND subject_id = $2 AND state IN ('queued', 'running', 'retry_wait', 'snoozed'))sql"};

constexpr Sql job_by_id = sql_of<R"sql(SELECT)sql", columns, R"sql(FROM jobs WHERE id = $1)sql">;

constexpr Sql cancel_tree{R"sql(
  UPDATE jobs SET state = 'cancelled', finished_at = db_now(), updated_at = db_now(), lease_until = NULL
  WHERE (id = $1 OR parent_id = $1) AND state IN ('queued', 'running', 'retry_wait', 'snoozed')
  RETURNING id)sql"};

constexpr Sql queue_row_again{R"sql(
  UPDATE jobs SET state = 'queued', attempts = 0, deaths = 0, progress = 0, result = NULL, error = NULL, run_at = db_now(),
                  started_at = NULL, finished_at = NULL, updated_at = db_now()
  WHERE id = $1 AND state IN ('failed', 'cancelled'))sql"};

// A group runs by its children, and holds no lease.
constexpr Sql load_now{R"sql(
  SELECT lane, state, COUNT(*), MIN(run_at) FROM jobs
  WHERE state IN ('queued', 'retry_wait', 'snoozed') OR (state = 'running' AND lease_until IS NOT NULL)
  GROUP BY lane, state)sql"};

// An empty filter lets everything pass.
constexpr SqlPart wanted = R"part(
  FROM jobs WHERE ($1 = '' OR state = $1) AND ($2 = '' OR kind = $2) AND (created_at, id) < ($3, $4))part";
constexpr SqlPart newest_first = R"part(ORDER BY created_at DESC, id DESC LIMIT $5)part";
constexpr Sql all_jobs = sql_of<R"sql(SELECT)sql", columns, wanted, newest_first>;
constexpr Sql all_jobs_of_user = sql_of<R"sql(SELECT)sql", columns, wanted, R"sql(AND user_id = $6)sql", newest_first>;
constexpr Sql all_jobs_about =
    sql_of<R"sql(SELECT)sql", columns, wanted, R"sql(AND ($6 = '' OR user_id = $6) AND subject_id = $7)sql", newest_first>;

constexpr Sql mean_time{R"sql(
  SELECT CAST(AVG(finished_at - began_at) AS BIGINT)
  FROM (SELECT finished_at, COALESCE(started_at, created_at) AS began_at FROM jobs WHERE kind = $1 AND state = 'succeeded'
        ORDER BY finished_at DESC LIMIT 20) AS latest)sql"};

struct JobRow {
  JobId id{};
  std::string kind{};
  Lane lane{};
  State state{};
  int priority = 0;
  std::string args{};
  std::string subject_type{};
  JobId subject_id{};
  std::optional<UserId> user{};
  std::optional<JobId> parent{};
  int attempts = 0;
  int max_attempts = 0;
  double progress = 0;
  std::int64_t fence = 0;
  std::optional<std::string> result{};
  std::optional<std::string> error{};
  Time run_at{};
  std::optional<Time> started_at{};
  std::optional<Time> finished_at{};
  Time created_at{};
  Time updated_at{};
};

Result<Job> job_of(JobRow row) {
  std::optional<JobError> error;
  if (row.error) {
    auto read = from_json_text<JobError>(*row.error);
    if (!read) return std::unexpected(std::move(read.error()));
    error = *std::move(read);
  }
  return Job{.id = row.id,
             .kind = std::move(row.kind),
             .lane = row.lane,
             .state = row.state,
             .priority = row.priority,
             .args = std::move(row.args),
             .subject = {std::move(row.subject_type), row.subject_id.uuid},
             .user = row.user,
             .parent = row.parent,
             .attempts = row.attempts,
             .max_attempts = row.max_attempts,
             .progress = row.progress,
             .fence = row.fence,
             .result = std::move(row.result),
             .error = std::move(error),
             .scheduled_at = row.run_at,
             .started_at = row.started_at,
             .finished_at = row.finished_at,
             .created_at = row.created_at,
             .updated_at = row.updated_at};
}

std::int64_t microseconds_of(std::chrono::milliseconds time) { return std::chrono::microseconds(time).count(); }

/// Who holds a unique key.
struct Keyed {
  JobId id{};
  std::optional<JobId> parent{};
};

Task<Result<std::int64_t>> insert(Transaction tx, JobId id, NewJob job, Lane lane, State state) {
  return tx.change(insert_queued, id, std::move(job.kind), lane, state, job.priority, std::move(job.args),
                   std::move(job.subject.type), JobId{job.subject.id}, job.user, job.parent, std::move(job.unique_key),
                   job.max_attempts);
}

}  // namespace

std::vector<Migration> migrations() {
  return {{"jobs", 1, step_001}, {"jobs", 2, step_002}, {"jobs", 3, step_003}, {"jobs", 4, step_004},
          {"jobs", 5, step_005}, {"jobs", 6, step_006}, {"jobs", 7, step_007}};
}

Task<Result<JobId>> insert_job(Transaction tx, JobId id, NewJob job, Lane lane) {
  const auto key = job.unique_key;
  const auto parent = job.parent;
  const auto added = co_await ok(insert(tx, id, std::move(job), lane, State::queued));
  if (added > 0) co_return id;
  if (!key) co_return fail(ErrorKind::conflict, "a job with the id " + id.text() + " exists already");
  const auto live = co_await ok(tx.one<Keyed>(live_with_key, *key));
  // Its end would be told to another parent, or to none, and this one would wait for ever.
  if (live.parent != parent) co_return fail(ErrorKind::internal, "a live job of another parent holds the key " + *key);
  co_return live.id;
}

Task<Result<void>> insert_group(Transaction tx, JobId id, NewJob job) {
  co_await ok(insert(tx, id, std::move(job), Lane::light, State::running));
  co_return {};
}

Task<Result<void>> set_progress(Transaction tx, JobId id, double progress) {
  co_await ok(tx.change(progress_of_group, id, progress));
  co_return {};
}

Task<Result<std::optional<Job>>> claim_job(Transaction tx, Claim claim) {
  auto id = co_await ok(tx.find<JobId>(lost_job, claim.lane, claim.seen_at));
  if (id) co_await ok(tx.change(count_death, *id, deaths_max));
  if (!id) id = co_await ok(tx.find<JobId>(next_job, claim.lane));
  if (!id) co_return std::optional<Job>();
  auto row = co_await ok(tx.one<JobRow>(take_job, *id, std::move(claim.worker), microseconds_of(claim.lease)));
  co_return std::optional<Job>(co_await ok(job_of(std::move(row))));
}

Task<Result<std::vector<Load>>> live_load(Transaction tx) { return tx.all<Load>(load_now); }

Task<Result<std::vector<JobId>>> renew_leases(Transaction tx, std::vector<Beat> beats, std::chrono::milliseconds lease) {
  std::vector<JobId> still_held;
  for (const auto& beat : beats) {
    const auto renewed = co_await ok(tx.change(renew_lease, beat.id, beat.fence, microseconds_of(lease), beat.progress));
    if (renewed > 0) still_held.push_back(beat.id);
  }
  co_return still_held;
}

Task<Result<void>> hold_lease(Transaction tx, JobId id, std::int64_t fence) {
  const auto mine = co_await ok(tx.find<JobId>(held, id, fence));
  if (!mine) co_return fail(ErrorKind::conflict, id.text() + " was cancelled, or another worker holds it now", lease_lost);
  co_return {};
}

Task<Result<void>> end_attempt(Transaction tx, JobId id, Ending ending) {
  const auto error = ending.error ? std::optional(to_json(*ending.error)) : std::nullopt;
  co_await ok(tx.change(finish, id, ending.state, std::move(ending.result), error, microseconds_of(ending.delay)));
  co_return {};
}

Task<Result<void>> end_held(Transaction tx, JobId id, std::int64_t fence, Ending ending, std::shared_ptr<Finish> results) {
  co_await ok(hold_lease(tx, id, fence));
  if (results) co_await ok(results->write(tx));
  co_await ok(may_fail("jobs.end"));
  co_return co_await end_attempt(tx, id, std::move(ending));
}

Task<Result<void>> release_jobs(Transaction tx, std::string worker) {
  co_await ok(tx.change(release, std::move(worker)));
  co_return {};
}

Task<Result<void>> expire_leases(Transaction tx, std::string worker) {
  co_await ok(tx.change(expire, std::move(worker)));
  co_return {};
}

Task<Result<void>> cancel_live(Transaction tx, Subject subject) {
  co_await ok(tx.change(cancel_subject, std::move(subject.type), JobId{subject.id}));
  co_return {};
}

Task<Result<std::vector<JobId>>> cancel_jobs(Transaction tx, JobId id) { return tx.all<JobId>(cancel_tree, id); }

Task<Result<void>> queue_again(Transaction tx, JobId id) {
  co_await ok(tx.change(queue_row_again, id));
  co_return {};
}

Task<Result<std::vector<Job>>> list_jobs(Transaction tx, JobQuery query) {
  const std::string state(query.state ? name_of(*query.state) : "");
  const auto user = query.user ? query.user->canonical() : "";
  std::vector<JobRow> rows;
  if (query.subject)
    rows = co_await ok(tx.all<JobRow>(all_jobs_about, state, query.kind, query.before, query.before_id, query.limit, user,
                                      JobId{*query.subject}));
  else if (query.user)
    rows = co_await ok(tx.all<JobRow>(all_jobs_of_user, state, query.kind, query.before, query.before_id, query.limit, user));
  else
    rows = co_await ok(tx.all<JobRow>(all_jobs, state, query.kind, query.before, query.before_id, query.limit));
  std::vector<Job> jobs;
  for (auto& row : rows) jobs.push_back(co_await ok(job_of(std::move(row))));
  co_return jobs;
}

Task<Result<std::optional<std::chrono::microseconds>>> usual_time(Transaction tx, std::string kind) {
  const auto mean = co_await ok(tx.one<std::optional<std::int64_t>>(mean_time, std::move(kind)));
  co_return mean ? std::optional(std::chrono::microseconds(*mean)) : std::nullopt;
}

Task<Result<std::optional<Job>>> find_job(Transaction tx, JobId id) {
  auto row = co_await ok(tx.find<JobRow>(job_by_id, id));
  if (!row) co_return std::optional<Job>();
  co_return std::optional<Job>(co_await ok(job_of(*std::move(row))));
}

}  // namespace kinora::jobs
