#include "api/v1/outlines.hpp"

namespace kinora::api::v1 {

Task<Result<std::variant<http::WithHeaders<TranscriptView>, http::Plain>>> read_transcript(Services& app, Caller caller,
                                                                                           ReadTranscript ask) {
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
  const bool with_words = !ask.query.words || ask.query.words->value;
  if (with_words) co_return http::with_version(std::move(view), transcript.version);
  for (auto& segment : view.segments) segment.words.clear();
  co_return http::WithHeaders<TranscriptView>{std::move(view), {}};  // other bytes than those of the tag
}

Task<Result<http::WithHeaders<TranscriptView>>> correct_transcript(Services& app, Caller caller, CorrectTranscript ask) {
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  ai::TranscriptChange change{.if_version = std::move(ask.match.versions)};
  for (auto& [id, text] : ask.body.segments) change.segments.push_back({id, std::move(text.value)});
  const auto transcript = co_await ok(app.ai.correct(std::move(caller), std::move(video), std::move(change)));
  co_return http::with_version(view_of(transcript), transcript.version);
}

}  // namespace kinora::api::v1
