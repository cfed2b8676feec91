#include <fmt/format.h>

#include <algorithm>

#include "jobs/store.hpp"
#include "modules/pipeline/pipeline.hpp"

namespace kinora::pipeline {

namespace {

constexpr Sql all_stages{R"sql(SELECT video_id, stage, state, job_id FROM video_stages ORDER BY video_id, stage)sql"};

struct Row {
  VideoId video{};
  std::string stage;
  StageState state{};
  std::optional<JobId> job{};
};
using ByVideo = std::map<VideoId, std::vector<Row>>;

bool is_over(const Row& row) { return row.state != StageState::waiting && row.state != StageState::queued; }

Flaw lasting(std::string what) { return {Flaw::Weight::lasting, std::move(what)}; }

Task<Result<Flaws>> audit_queued(Transaction tx, Row row) {
  const auto job = row.job ? co_await ok(jobs::find_job(tx, *row.job)) : std::nullopt;
  Flaws flaws;
  if (!job || !jobs::is_live(job->state))
    flaws.push_back(
        lasting(fmt::format("the stage {} of the video {} waits for a job that is gone or over", row.stage, row.video.text())));
  co_return flaws;
}

/// Of one video; what it needs and has none of cannot be started by anything.
Task<Result<Flaws>> audit_video(Transaction tx, media::Processed video, std::vector<Row> rows) {
  Flaws flaws;
  bool queued = false;
  const bool over = std::ranges::all_of(rows, is_over);
  for (const auto& row : rows) {
    if (row.state != StageState::queued) continue;
    queued = true;
    const auto found = co_await ok(audit_queued(tx, row));
    flaws.insert(flaws.end(), found.begin(), found.end());
  }
  const auto name = video.id.text();
  if (rows.empty()) flaws.push_back(lasting(fmt::format("the video {} has no stages", name)));
  if (!over && !queued) flaws.push_back(lasting(fmt::format("the video {} has stages that wait for nothing", name)));
  // Those of a settled video may be fewer than today's: a newer version brought some.
  for (const auto& stage : stages())
    if (!over && std::ranges::find(rows, stage.name, &Row::stage) == rows.end())
      flaws.push_back(lasting(fmt::format("the video {} lacks the stage {}", name, stage.name)));
  const auto root = co_await ok(jobs::find_job(tx, video.root_job));
  if (root && jobs::is_live(root->state) == over)
    flaws.push_back(
        lasting(fmt::format("the video {} {}, but its root job is {}", name,
                            over ? "has no stage left to wait for" : "still has stages to go", name_of(root->state))));
  co_return flaws;
}

Task<Result<Flaws>> audit_stages(Transaction tx) {
  ByVideo by_video;
  auto rows = co_await ok(tx.all<Row>(all_stages));
  for (auto& row : rows) by_video[row.video].push_back(std::move(row));
  Flaws flaws;
  const auto videos = co_await ok(media::every_processed(tx));
  for (const auto& video : videos) {
    const auto found = co_await ok(audit_video(tx, video, std::move(by_video[video.id])));
    flaws.insert(flaws.end(), found.begin(), found.end());
    by_video.erase(video.id);
  }
  for (const auto& [gone, stages_left] : by_video)
    flaws.push_back({Flaw::Weight::passing, "the video " + gone.text() + " is gone, and its stages are not yet"});
  co_return flaws;
}

}  // namespace

Task<Result<Flaws>> audit(Database& database) { return database.scan(Caller::system("audit"), audit_stages); }

}  // namespace kinora::pipeline
