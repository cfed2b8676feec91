#include "modules/ai/jobs/transcribe.hpp"

#include <cerrno>
#include <fstream>
#include <system_error>

namespace kinora::ai {

namespace {

std::string joined(const std::vector<Word>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

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

Task<jobs::Outcome> TranscribeWorker::work(jobs::Context context, Transcribe) {
  const Told told{&tools_.events, context.job().user};
  auto heard = co_await transcribe(std::move(context));
  co_return heard ? jobs::done(write, std::move(heard->transcript), std::move(heard->captions), told)
                  : jobs::outcome_of(heard.error());
}

Task<Result<TranscribeWorker::Heard>> TranscribeWorker::transcribe(jobs::Context context) {
  auto video = co_await ok(tools_.media.for_job(context.job()));
  const auto wav = co_await ok(tools_.media.open_file(video, "speech.wav"));
  const auto language = video.video().language.value_or("");
  auto words = co_await ok(tools_.transcriber.transcribe(wav.path(), language, context.scratch(), context.progress_sink()));
  Heard heard{.transcript = transcript_of(video.id(), std::move(words))};
  if (!heard.transcript.segments.empty())
    heard.captions = co_await ok(keep_captions(context, std::move(video), heard.transcript));
  co_return heard;
}

Task<Result<media::KeptFile>> TranscribeWorker::keep_captions(jobs::Context context, media::OwnedVideo video,
                                                              Transcript transcript) {
  const auto file = context.scratch() / "captions.vtt";
  co_await ok(write_captions(file, webvtt_of(transcript.segments)));
  media::Output output{.name = "captions/" + transcript.language + ".vtt",
                       .kind = "captions",
                       .content_type = "text/vtt; charset=utf-8",
                       .file = file,
                       .language = transcript.language};
  co_return co_await tools_.media.keep_file(context, std::move(video), std::move(output));
}

Task<Result<void>> TranscribeWorker::write(Transaction tx, Transcript transcript, std::optional<media::KeptFile> captions,
                                           Told told) {
  if (captions) co_await ok(media::name_file(tx, *std::move(captions)));
  if (!transcript.language.empty()) co_await ok(media::note_language(tx, transcript.video, transcript.language));
  co_return co_await keep_transcript(tx, std::move(transcript), told);
}

Transcript TranscribeWorker::transcript_of(VideoId video, Transcription heard) {
  Transcript transcript{.id = tools_.random.id<TranscriptId>(tools_.clock),
                        .video = video,
                        .language = std::move(heard.language),
                        .text = joined(heard.words),
                        .duration = heard.words.empty() ? Seconds(0) : heard.words.back().end,
                        .model_info = {std::move(heard.model)}};
  for (std::size_t at = 0; at < heard.segment_starts.size(); ++at) {
    const auto first = heard.segment_starts[at];
    const auto end = at + 1 < heard.segment_starts.size() ? heard.segment_starts[at + 1] : heard.words.size();
    if (first >= end) continue;
    const std::vector words(heard.words.begin() + static_cast<std::ptrdiff_t>(first),
                            heard.words.begin() + static_cast<std::ptrdiff_t>(end));
    transcript.segments.push_back(
        {tools_.random.id<SegmentId>(tools_.clock), words.front().start, words.back().end, joined(words), words});
  }
  return transcript;
}

}  // namespace kinora::ai
