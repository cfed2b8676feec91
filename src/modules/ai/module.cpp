#include "modules/ai/ai.hpp"
#include "modules/ai/jobs/forget_video.hpp"
#include "modules/ai/jobs/outline.hpp"
#include "modules/ai/jobs/transcribe.hpp"

namespace kinora::ai {

namespace {

constexpr std::string_view step_001 =
#include "modules/ai/migrations/001_transcripts.sql.inc"
    ;
constexpr std::string_view step_002 =
#include "modules/ai/migrations/002_outlines.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"ai", 1, step_001}, {"ai", 2, step_002}}; }

std::vector<jobs::WorkerKind> workers(media::Media& media, Ai& ai, Transcriber& transcriber, Clock& clock, Random& random) {
  return {
      jobs::worker<Transcribe>(std::make_shared<TranscribeWorker>(media, transcriber, clock, random), jobs::Lane::inference,
                               6h),
      jobs::worker<MakeChapters>(std::make_shared<MakeChaptersWorker>(media, ai, clock, random), jobs::Lane::light, 120s),
      jobs::worker<Summarise>(std::make_shared<SummariseWorker>(media, ai, clock, random), jobs::Lane::light, 120s),
      jobs::worker<ForgetVideo>(std::make_shared<ForgetVideoWorker>(), jobs::Lane::light, 60s),
  };
}

std::vector<jobs::Handler> handlers() { return {{"video.purged", std::string(ForgetVideo::kind)}}; }

}  // namespace kinora::ai
