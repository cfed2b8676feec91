#include "modules/ai/jobs/transcribe.hpp"

namespace kinora::ai {

Task<jobs::Outcome> TranscribeWorker::work(jobs::Context context, Transcribe) {
  const Told told{&tools_.events, context.job().user};
  auto heard = co_await transcribe(std::move(context));
  co_return heard ? jobs::done(write, *std::move(heard), told) : jobs::outcome_of(heard.error());
}

Task<Result<Transcript>> TranscribeWorker::transcribe(jobs::Context context) {
  const auto video = co_await ok(tools_.media.for_job(context.job()));
  const auto wav = co_await ok(tools_.media.open_file(video, "speech.wav"));
  const auto language = video.video().language.value_or("");
  auto words = co_await ok(tools_.transcriber.transcribe(wav.path(), language, context.scratch(), context.progress_sink()));
  co_return transcript_of(video.id(), std::move(words));
}

Task<Result<void>> TranscribeWorker::write(Transaction tx, Transcript transcript, Told told) {
  if (!transcript.language.empty()) co_await ok(media::note_language(tx, transcript.video, transcript.language));
  const auto corrections = co_await ok(corrections_of(tx, transcript.video));
  co_return co_await keep_transcript(tx, corrected(std::move(transcript), corrections), told);
}

Transcript TranscribeWorker::transcript_of(VideoId video, Transcription heard) {
  Transcript transcript{.id = tools_.random.id<TranscriptId>(tools_.clock),
                        .video = video,
                        .language = std::move(heard.language),
                        .text = text_of(heard.words),
                        .duration = heard.words.empty() ? Seconds(0) : heard.words.back().end,
                        .model_info = {std::move(heard.model)}};
  for (std::size_t at = 0; at < heard.segment_starts.size(); ++at) {
    const auto first = heard.segment_starts[at];
    const auto end = at + 1 < heard.segment_starts.size() ? heard.segment_starts[at + 1] : heard.words.size();
    if (first >= end) continue;
    const std::vector words(heard.words.begin() + static_cast<std::ptrdiff_t>(first),
                            heard.words.begin() + static_cast<std::ptrdiff_t>(end));
    transcript.segments.push_back(
        {tools_.random.id<SegmentId>(tools_.clock), words.front().start, words.back().end, text_of(words), words});
  }
  return transcript;
}

}  // namespace kinora::ai
