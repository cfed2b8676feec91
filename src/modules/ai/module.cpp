#include "modules/ai/ai.hpp"
#include "modules/ai/jobs/captions.hpp"
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
constexpr std::string_view step_003 =
#include "modules/ai/migrations/003_transcript_edits.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"ai", 1, step_001}, {"ai", 2, step_002}, {"ai", 3, step_003}}; }

std::vector<jobs::WorkerKind> workers(Tools tools) {
  const auto& language_model = tools.language_model;
  // Quotes take a moment; a model on this machine takes a core for minutes.
  const bool writes_here = language_model.place() == ModelPlace::local;
  const auto outline = writes_here ? jobs::Lane::inference : jobs::Lane::light;
  const auto limit = language_model.place() == ModelPlace::none ? 120s : 3600s;
  return {
      jobs::worker<Transcribe>(std::make_shared<TranscribeWorker>(tools), jobs::Lane::inference, 6h),
      jobs::worker<MakeCaptions>(std::make_shared<MakeCaptionsWorker>(tools), jobs::Lane::light, 60s),
      jobs::worker<MakeChapters>(std::make_shared<MakeChaptersWorker>(tools), outline, limit),
      jobs::worker<Summarise>(std::make_shared<SummariseWorker>(tools), outline, limit),
      jobs::worker<ForgetVideo>(std::make_shared<ForgetVideoWorker>(), jobs::Lane::light, 60s),
  };
}

std::vector<jobs::Handler> handlers() { return {{"video.purged", std::string(ForgetVideo::kind)}}; }

}  // namespace kinora::ai
