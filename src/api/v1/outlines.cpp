#include "api/v1/outlines.hpp"

#include <span>

namespace kinora::api::v1 {

namespace {

/// An id of version 7 begins with the milliseconds of its birth (RFC 9562, section 5.7).
Time birth_of(const Uuid& id) {
  std::int64_t milliseconds = 0;
  for (const auto byte : std::span(id.bytes).first(6)) milliseconds = milliseconds << 8 | byte;
  return Time(std::chrono::milliseconds(milliseconds));
}

}  // namespace

SummaryView view_of(const ai::Summary& summary) {
  return {.id = summary.id,
          .video_id = summary.video,
          .language = summary.language,
          .summary_text = summary.text,
          .overview = summary.overview,
          .key_points = summary.key_points,
          .timestamps = summary.timestamps,
          .quality_score = summary.quality,
          .model_info = summary.model_info,
          .created_at = summary.created_at,
          .updated_at = summary.updated_at};
}

ListView<ChapterView> view_of(VideoId video, const std::vector<ai::Chapter>& chapters) {
  ListView<ChapterView> list;
  for (const auto& chapter : chapters) {
    const auto born = birth_of(chapter.id.uuid);  // a change makes all of them anew
    list.data.push_back({chapter.id, video, chapter.start, chapter.end, chapter.title, chapter.summary, born, born});
  }
  return list;
}

Task<Result<SummaryView>> show_summary(Services& app, Caller caller, ReadSummary ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto status = visible.video().status;
  auto language = ask.query.language ? ask.query.language->value : std::string();
  auto summary = co_await app.ai.summary(std::move(caller), std::move(visible), std::move(language));
  co_return view_of(
      co_await ok(or_not_ready(std::move(summary), status, "this video is still being summarised; ask again later")));
}

Task<Result<http::Accepted<JobAnswer>>> summarise(Services& app, Caller caller, Summarise ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  // What was never said cannot be summarised, now or later.
  auto words = co_await app.ai.transcript(caller, std::move(visible));
  co_await ok(or_not_ready(std::move(words), video.video().status, "this video is still being heard; ask again later"));
  ai::SummaryWishes wishes;
  if (ask.body.language) wishes.language = ask.body.language->value;
  if (ask.body.include_timestamps) wishes.include_timestamps = *ask.body.include_timestamps;
  const auto id = co_await ok(app.ai.summarise(caller, std::move(video), std::move(wishes)));
  co_return co_await accepted_job(app, std::move(caller), id);
}

Task<Result<ListView<ChapterView>>> list_chapters(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const bool may_still_come = !is_settled(visible.video().status);
  const auto chapters = co_await ok(app.ai.chapters(std::move(caller), std::move(visible)));
  if (chapters.empty() && may_still_come)
    co_return fail(ErrorKind::conflict, "the chapters of this video are still being made; ask again later", "not_ready");
  co_return view_of(ask.path.id, chapters);
}

Task<Result<ListView<ChapterView>>> set_chapters(Services& app, Caller caller, SetChapters ask) {
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  std::vector<ai::Chapter> chapters;
  for (const auto& item : ask.body.chapters)
    chapters.push_back(
        {Seconds(item.start), Seconds(item.end), item.title, item.summary ? item.summary->value : std::string()});
  const auto kept = co_await ok(app.ai.set_chapters(std::move(caller), std::move(video), std::move(chapters)));
  co_return view_of(ask.path.id, kept);
}

}  // namespace kinora::api::v1
