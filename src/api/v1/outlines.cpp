#include "api/v1/outlines.hpp"

namespace kinora::api::v1 {

namespace {

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
  for (const auto& chapter : chapters) list.data.push_back({video, chapter.start, chapter.end, chapter.title, chapter.summary});
  return list;
}

}  // namespace

Task<Result<SummaryView>> show_summary(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const bool pending = !is_settled(visible.video().status);
  auto summary = co_await app.ai.summary(std::move(caller), std::move(visible));
  if (!summary && summary.error().kind == ErrorKind::not_found && pending)
    co_return fail(ErrorKind::conflict, "this video is still being summarised; ask again later", "not_ready");
  co_return view_of(co_await ok(std::move(summary)));
}

Task<Result<http::Accepted<JobAnswer>>> summarise(Services& app, Caller caller, Summarise ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  // What was never said cannot be summarised, now or later.
  co_await ok(app.ai.transcript(caller, std::move(visible)));
  const auto id = co_await ok(app.ai.summarise(caller, std::move(video)));
  co_return co_await accepted_job(app, std::move(caller), id);
}

Task<Result<ListView<ChapterView>>> list_chapters(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto chapters = co_await ok(app.ai.chapters(std::move(caller), std::move(visible)));
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
