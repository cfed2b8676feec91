#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/pipeline/graph.hpp"
#include "modules/pipeline/pipeline.hpp"
#include "ports/database.hpp"

/// All SQL over `video_stages`. Every function is, or runs inside, a transaction body.
namespace kinora::pipeline {

struct StageRow {
  std::string stage;
  StageState state{};
  std::optional<JobId> job{};
  std::optional<std::string> error{};
};
Task<Result<void>> insert_stages(Transaction tx, VideoId video);
Task<Result<std::vector<StageRow>>> stage_rows(Transaction tx, VideoId video);
Task<Result<void>> mark_queued(Transaction tx, VideoId video, std::string stage, JobId job);
Task<Result<void>> mark_over(Transaction tx, VideoId video, std::string stage, StageState state,
                             std::optional<jobs::JobError> error);

Task<Result<void>> delete_stages(Transaction tx, VideoId video);

}  // namespace kinora::pipeline
