#include "base/json.hpp"
#include "jobs/dead_letters.hpp"

namespace kinora::jobs {

namespace {

constexpr Sql insert_letter{R"sql(
  INSERT INTO dead_letters (id, source, kind, payload, error, attempts, created_at) VALUES ($1, 'job', $2, $3, $4, $5, db_now())
  ON CONFLICT (id) DO UPDATE SET error = excluded.error, attempts = excluded.attempts, replayed_at = NULL,
    created_at = excluded.created_at)sql"};
constexpr Sql replayed{R"sql(UPDATE dead_letters SET replayed_at = db_now() WHERE id = $1)sql"};
constexpr Sql page{R"sql(
  SELECT id, source, kind, payload, error, attempts, replayed_at, created_at FROM dead_letters
  WHERE (created_at, id) < ($1, $2) ORDER BY created_at DESC, id DESC LIMIT $3)sql"};
constexpr Sql waiting_of_kind{R"sql(
  SELECT id FROM dead_letters WHERE kind = $1 AND replayed_at IS NULL ORDER BY created_at LIMIT $2)sql"};
constexpr Sql delete_row{R"sql(DELETE FROM dead_letters WHERE id = $1)sql"};

}  // namespace

Task<Result<void>> put_letter(Transaction tx, Job job) {
  auto error = to_json(job.error.value_or(JobError{}));
  co_await ok(tx.change(insert_letter, job.id, std::move(job.kind), std::move(job.args), std::move(error), job.attempts));
  co_return {};
}

Task<Result<void>> note_replayed(Transaction tx, JobId job) {
  co_await ok(tx.change(replayed, job));
  co_return {};
}

Task<Result<std::vector<DeadLetter>>> letters_before(Transaction tx, Time created_at, DeadLetterId id, std::int64_t limit) {
  return tx.all<DeadLetter>(page, created_at, id, limit);
}

Task<Result<std::vector<JobId>>> letters_of_kind(Transaction tx, std::string kind, std::int64_t limit) {
  return tx.all<JobId>(waiting_of_kind, std::move(kind), limit);
}

Task<Result<bool>> delete_letter(Transaction tx, DeadLetterId id) { co_return co_await ok(tx.change(delete_row, id)) > 0; }

}  // namespace kinora::jobs
