#include "api/v1/outlines.hpp"

namespace kinora::api::v1 {

Task<Result<std::variant<TranscriptView, http::Plain>>> read_transcript(Services& app, Caller caller, ReadTranscript ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto status = visible.video().status;
  auto found = co_await app.ai.transcript(std::move(caller), std::move(visible));
  const auto transcript =
      co_await ok(or_not_ready(std::move(found), status, "the words of this video are still being heard; ask again later"));
  const auto& language = ask.query.language;
  if (language && language->value != transcript.language)
    co_return fail(ErrorKind::not_found, "this video has no transcript in the language " + language->value);
  switch (ask.query.format) {
    case TranscriptFormat::text: co_return http::Plain{"text/plain; charset=utf-8", transcript.text + "\n"};
    case TranscriptFormat::srt: co_return http::Plain{"application/x-subrip; charset=utf-8", ai::srt_of(transcript.segments)};
    case TranscriptFormat::vtt: co_return http::Plain{"text/vtt; charset=utf-8", ai::webvtt_of(transcript.segments)};
    case TranscriptFormat::json: break;
  }
  auto view = view_of(transcript);
  const bool without_words = ask.query.words && !ask.query.words->value;
  if (without_words)
    for (auto& segment : view.segments) segment.words.clear();
  co_return view;
}

}  // namespace kinora::api::v1
