#include "modules/ai/jobs/captions.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace kinora::ai {

namespace {

// A disk that is full would leave half of them, and nobody would know.
Result<void> write_captions(const std::filesystem::path& path, const std::string& text) {
  errno = 0;
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  const auto code = std::error_code(errno, std::generic_category());
  return fail(ErrorKind::unavailable, "the captions cannot be written into the scratch folder: " + code.message(),
              code == std::errc::no_space_on_device ? "storage_full" : "");
}

}  // namespace

Task<jobs::Outcome> MakeCaptionsWorker::work(jobs::Context context, MakeCaptions) {
  auto made = co_await make(std::move(context));
  co_return made ? jobs::done(media::name_file, *std::move(made)) : jobs::outcome_of(made.error());
}

Task<Result<media::KeptFile>> MakeCaptionsWorker::make(jobs::Context context) {
  auto video = co_await ok(tools_.media.for_job(context.job()));
  const auto transcript = co_await ok(tools_.ai.transcript_for_job(video));
  const auto file = context.scratch() / "captions.vtt";
  co_await ok(write_captions(file, webvtt_of(transcript.segments)));
  media::Output output{.name = "captions/" + transcript.language + ".vtt",
                       .kind = "captions",
                       .content_type = "text/vtt; charset=utf-8",
                       .file = file,
                       .language = transcript.language};
  co_return co_await tools_.media.keep_file(context, std::move(video), std::move(output));
}

}  // namespace kinora::ai
