#include "modules/pipeline/jobs/forget_video.hpp"
#include "modules/pipeline/pipeline.hpp"

namespace kinora::pipeline {

namespace {

constexpr std::string_view step_001 =
#include "modules/pipeline/migrations/001_pipeline.sql.inc"
    ;
constexpr std::string_view step_002 =
#include "modules/pipeline/migrations/002_hashes.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"pipeline", 1, step_001}, {"pipeline", 2, step_002}}; }

std::vector<jobs::WorkerKind> workers() {
  return {jobs::worker<ForgetVideo>(std::make_shared<ForgetVideoWorker>(), jobs::Lane::light, 60s)};
}

std::vector<jobs::Handler> handlers() { return {{"video.purged", std::string(ForgetVideo::kind)}}; }

}  // namespace kinora::pipeline
