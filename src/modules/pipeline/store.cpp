#include "modules/pipeline/store.hpp"

#include "base/json.hpp"

namespace kinora::pipeline {

namespace {

constexpr Sql insert_stage{R"sql(
  INSERT INTO video_stages (video_id, stage, state, version) VALUES ($1, $2, 'waiting', $3))sql"};
constexpr Sql stages_by_video{R"sql(SELECT stage, state, job_id, error FROM video_stages WHERE video_id = $1)sql"};
constexpr Sql queued_row{R"sql(
  UPDATE video_stages SET state = 'queued', job_id = $3, error = NULL, started_at = db_now(), finished_at = NULL
  WHERE video_id = $1 AND stage = $2)sql"};
constexpr Sql over_row{R"sql(
  UPDATE video_stages SET state = $3, error = $4, finished_at = db_now() WHERE video_id = $1 AND stage = $2)sql"};
constexpr Sql delete_rows{R"sql(DELETE FROM video_stages WHERE video_id = $1)sql"};

}  // namespace

Task<Result<void>> insert_stages(Transaction tx, VideoId video) {
  for (const auto& stage : stages()) co_await ok(tx.change(insert_stage, video, std::string(stage.name), stage.version));
  co_return {};
}

Task<Result<std::vector<StageRow>>> stage_rows(Transaction tx, VideoId video) {
  return tx.all<StageRow>(stages_by_video, video);
}

Task<Result<void>> mark_queued(Transaction tx, VideoId video, std::string stage, JobId job) {
  co_await ok(tx.change(queued_row, video, std::move(stage), job));
  co_return {};
}

Task<Result<void>> mark_over(Transaction tx, VideoId video, std::string stage, StageState state,
                             std::optional<jobs::JobError> error) {
  const auto told = error ? std::optional(to_json(*error)) : std::nullopt;
  co_await ok(tx.change(over_row, video, std::move(stage), state, told));
  co_return {};
}

Task<Result<void>> delete_stages(Transaction tx, VideoId video) {
  co_await ok(tx.change(delete_rows, video));
  co_return {};
}

}  // namespace kinora::pipeline
