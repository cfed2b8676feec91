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
  std::optional<std::string> input_hash{};
  std::optional<std::string> output_hash{};
};
Task<Result<void>> insert_stages(Transaction tx, VideoId video);
Task<Result<std::vector<StageRow>>> stage_rows(Transaction tx, VideoId video);

/// What these write is there although the row is not: the list of stages grows while videos stay.
Task<Result<void>> mark_queued(Transaction tx, VideoId video, const Stage* stage, JobId job, std::string input_hash);
Task<Result<void>> mark_skipped(Transaction tx, VideoId video, const Stage* stage);
/// Waits again, and keeps the hashes of what it made.
Task<Result<void>> mark_waiting(Transaction tx, VideoId video, const Stage* stage);

/// The output of an earlier run still stands.
Task<Result<void>> mark_kept(Transaction tx, VideoId video, std::string stage);
/// As if it had never made anything.
Task<Result<void>> forget_output(Transaction tx, VideoId video, std::string stage);
/// All that is not over.
Task<Result<void>> mark_rest_cancelled(Transaction tx, VideoId video, jobs::JobError error);

struct StageEnd {
  std::string stage;
  StageState state{};
  std::optional<jobs::JobError> error{};
  std::optional<std::string> output_hash{};  ///< of a stage that is done; absent: its input's hash stands for it
  int attempt = 0;
  std::int64_t fence = 0;
};
Task<Result<void>> mark_over(Transaction tx, VideoId video, StageEnd end);

Task<Result<void>> delete_stages(Transaction tx, VideoId video);

}  // namespace kinora::pipeline
