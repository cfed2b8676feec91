#include "modules/ai/ai.hpp"
#include "modules/ai/jobs/forget_video.hpp"
#include "modules/ai/jobs/transcribe.hpp"

namespace kinora::ai {

namespace {

constexpr std::string_view step_001 =
#include "modules/ai/migrations/001_transcripts.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"ai", 1, step_001}}; }

std::vector<jobs::WorkerKind> workers(media::Media& media, Transcriber& transcriber, Clock& clock, Random& random) {
  return {
      jobs::worker<Transcribe>(std::make_shared<TranscribeWorker>(media, transcriber, clock, random), jobs::Lane::inference,
                               6h),
      jobs::worker<ForgetVideo>(std::make_shared<ForgetVideoWorker>(), jobs::Lane::light, 60s),
  };
}

std::vector<jobs::Handler> handlers() { return {{"video.purged", std::string(ForgetVideo::kind)}}; }

}  // namespace kinora::ai
