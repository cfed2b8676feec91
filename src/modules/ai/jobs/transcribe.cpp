#include "modules/ai/jobs/transcribe.hpp"

#include "modules/ai/store.hpp"

namespace kinora::ai {

namespace {

std::string joined(const std::vector<Word>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

}  // namespace

Task<jobs::Outcome> TranscribeWorker::work(jobs::Context context, Transcribe) {
  auto transcript = co_await transcribe(std::move(context));
  co_return transcript ? jobs::done(put_transcript, *std::move(transcript)) : jobs::outcome_of(transcript.error());
}

Task<Result<Transcript>> TranscribeWorker::transcribe(jobs::Context context) {
  auto video = co_await ok(media_.for_job(context.job()));
  const auto wav = co_await ok(media_.open_file(video, "speech.wav"));
  const auto language = video.video().language.value_or("");
  auto heard = co_await ok(transcriber_.transcribe(wav.path(), language, context.scratch(), context.progress_sink()));
  co_return transcript_of(video.id(), std::move(heard));
}

Transcript TranscribeWorker::transcript_of(VideoId video, Transcription heard) {
  Transcript transcript{.id = random_.id<TranscriptId>(clock_),
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
    transcript.segments.push_back({random_.id<SegmentId>(clock_), words.front().start, words.back().end, joined(words), words});
  }
  return transcript;
}

}  // namespace kinora::ai
