#include "modules/ai/jobs/transcribe.hpp"

#include <fstream>

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
  auto heard = co_await transcribe(std::move(context));
  co_return heard ? jobs::done(write, std::move(heard->transcript), std::move(heard->captions))
                  : jobs::outcome_of(heard.error());
}

Task<Result<TranscribeWorker::Heard>> TranscribeWorker::transcribe(jobs::Context context) {
  auto video = co_await ok(media_.for_job(context.job()));
  const auto wav = co_await ok(media_.open_file(video, "speech.wav"));
  const auto language = video.video().language.value_or("");
  auto words = co_await ok(transcriber_.transcribe(wav.path(), language, context.scratch(), context.progress_sink()));
  Heard heard{.transcript = transcript_of(video.id(), std::move(words))};
  if (!heard.transcript.segments.empty())
    heard.captions = co_await ok(keep_captions(context, std::move(video), heard.transcript));
  co_return heard;
}

Task<Result<media::KeptFile>> TranscribeWorker::keep_captions(jobs::Context context, media::OwnedVideo video,
                                                              Transcript transcript) {
  const auto file = context.scratch() / "captions.vtt";
  std::ofstream(file, std::ios::binary) << webvtt_of(transcript.segments);
  media::Output output{.name = "captions/" + transcript.language + ".vtt",
                       .kind = "captions",
                       .content_type = "text/vtt; charset=utf-8",
                       .file = file,
                       .language = transcript.language};
  co_return co_await media_.keep_file(context, std::move(video), std::move(output));
}

Task<Result<void>> TranscribeWorker::write(Transaction tx, Transcript transcript, std::optional<media::KeptFile> captions) {
  // Heard as another language, or nothing heard: what an earlier run has made goes.
  co_await ok(media::forget_files_of_kind(tx, transcript.video, "captions", captions ? captions->name : ""));
  if (captions) co_await ok(media::name_file(tx, *std::move(captions)));
  if (!transcript.language.empty()) co_await ok(media::note_language(tx, transcript.video, transcript.language));
  co_return co_await put_transcript(tx, std::move(transcript));
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
