#include "modules/pipeline/store.hpp"

#include "base/json.hpp"

namespace kinora::pipeline {

namespace {

constexpr Sql insert_stage{R"sql(
  INSERT INTO video_stages (video_id, stage, state, version) VALUES ($1, $2, 'waiting', $3))sql"};
constexpr Sql stages_by_video{R"sql(
  SELECT stage, state, job_id, error, input_hash, output_hash FROM video_stages WHERE video_id = $1)sql"};
constexpr Sql queued_row{R"sql(
  INSERT INTO video_stages (video_id, stage, state, version, job_id, input_hash, started_at)
  VALUES ($1, $2, 'queued', $3, $4, $5, db_now())
  ON CONFLICT (video_id, stage) DO UPDATE SET state = 'queued', version = excluded.version, job_id = excluded.job_id,
    input_hash = excluded.input_hash, output_hash = NULL, error = NULL, attempt = 0, fence = 0,
    started_at = excluded.started_at, finished_at = NULL)sql"};
constexpr Sql skipped_row{R"sql(
  INSERT INTO video_stages (video_id, stage, state, version, finished_at) VALUES ($1, $2, 'skipped', $3, db_now())
  ON CONFLICT (video_id, stage) DO UPDATE SET state = 'skipped', input_hash = NULL, output_hash = NULL, error = NULL,
    finished_at = excluded.finished_at)sql"};
constexpr Sql waiting_row{R"sql(
  INSERT INTO video_stages (video_id, stage, state, version) VALUES ($1, $2, 'waiting', $3)
  ON CONFLICT (video_id, stage) DO UPDATE SET state = 'waiting', job_id = NULL, error = NULL, finished_at = NULL)sql"};
constexpr Sql kept_row{R"sql(
  UPDATE video_stages SET state = 'done', finished_at = db_now() WHERE video_id = $1 AND stage = $2)sql"};
constexpr Sql forget_hashes{R"sql(
  UPDATE video_stages SET input_hash = NULL, output_hash = NULL WHERE video_id = $1 AND stage = $2)sql"};
constexpr Sql cancel_rest{R"sql(
  UPDATE video_stages SET state = 'cancelled', error = $2, finished_at = db_now()
  WHERE video_id = $1 AND state IN ('waiting', 'queued'))sql"};
constexpr Sql over_row{R"sql(
  UPDATE video_stages SET state = $3, error = $4, attempt = $6, fence = $7, finished_at = db_now(),
                          output_hash = CASE WHEN $3 = 'done' THEN COALESCE($5, input_hash) END
  WHERE video_id = $1 AND stage = $2)sql"};
constexpr Sql delete_rows{R"sql(DELETE FROM video_stages WHERE video_id = $1)sql"};

}  // namespace

Task<Result<void>> insert_stages(Transaction tx, VideoId video) {
  for (const auto& stage : stages()) co_await ok(tx.change(insert_stage, video, std::string(stage.name), stage.version));
  co_return {};
}

Task<Result<std::vector<StageRow>>> stage_rows(Transaction tx, VideoId video) {
  return tx.all<StageRow>(stages_by_video, video);
}

Task<Result<void>> mark_queued(Transaction tx, VideoId video, const Stage* stage, JobId job, std::string input_hash) {
  co_await ok(tx.change(queued_row, video, std::string(stage->name), stage->version, job, std::move(input_hash)));
  co_return {};
}

Task<Result<void>> mark_skipped(Transaction tx, VideoId video, const Stage* stage) {
  co_await ok(tx.change(skipped_row, video, std::string(stage->name), stage->version));
  co_return {};
}

Task<Result<void>> mark_waiting(Transaction tx, VideoId video, const Stage* stage) {
  co_await ok(tx.change(waiting_row, video, std::string(stage->name), stage->version));
  co_return {};
}

Task<Result<void>> mark_kept(Transaction tx, VideoId video, std::string stage) {
  co_await ok(tx.change(kept_row, video, std::move(stage)));
  co_return {};
}

Task<Result<void>> forget_output(Transaction tx, VideoId video, std::string stage) {
  co_await ok(tx.change(forget_hashes, video, std::move(stage)));
  co_return {};
}

Task<Result<void>> mark_rest_cancelled(Transaction tx, VideoId video, jobs::JobError error) {
  co_await ok(tx.change(cancel_rest, video, to_json(error)));
  co_return {};
}

Task<Result<void>> mark_over(Transaction tx, VideoId video, StageEnd end) {
  const auto told = end.error ? std::optional(to_json(*end.error)) : std::nullopt;
  co_await ok(
      tx.change(over_row, video, std::move(end.stage), end.state, told, std::move(end.output_hash), end.attempt, end.fence));
  co_return {};
}

Task<Result<void>> delete_stages(Transaction tx, VideoId video) {
  co_await ok(tx.change(delete_rows, video));
  co_return {};
}

}  // namespace kinora::pipeline
