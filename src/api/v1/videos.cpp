#include "api/shared/paging.hpp"
#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

Task<Result<VideoView>> show(Services& app, Caller caller, VideoId id) {
  auto visible = co_await ok(app.media.find(caller, id));
  const auto video = visible.video();
  const auto stages = co_await ok(app.pipeline.stages_of(caller, visible));
  const auto files = co_await ok(app.media.addresses(caller, std::move(visible)));
  co_return view_of(video, stages, files);
}

/// If-Match is optional here: without it the last writer wins.
static Result<void> require_match(const http::Head& head, std::int64_t version) {
  const auto wanted = head.header("If-Match");
  if (!wanted || *wanted == "*" || *wanted == '"' + std::to_string(version) + '"') return {};
  return fail(ErrorKind::stale, "the video was changed meanwhile; read it again");
}

Task<Result<http::WithHeaders<VideoView>>> change_video(Services& app, Caller caller, ChangeVideo ask) {
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  co_await ok(require_match(ask.head, video.video().version));
  media::VideoChange change;
  if (ask.body.title) change.title = ask.body.title->value;
  if (ask.body.description) change.description = ask.body.description->value;
  if (ask.body.visibility) change.visibility = *ask.body.visibility;
  if (ask.body.language) change.language = ask.body.language->value;
  if (ask.body.tags) change.tags.emplace(ask.body.tags->begin(), ask.body.tags->end());
  const auto changed = co_await ok(app.media.change(caller, std::move(video), std::move(change)));
  auto view = co_await ok(show(app, caller, ask.path.id));
  co_return http::with_version(std::move(view), changed.version);
}

Task<Result<http::NoContent>> delete_video(Services& app, Caller caller, DeleteVideo ask) {
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  co_await ok(require_match(ask.head, video.video().version));
  co_await ok(app.media.remove(caller, std::move(video)));
  co_return http::NoContent{};
}

Task<Result<VideoView>> restore_video(Services& app, Caller caller, OneVideo ask) {
  co_await ok(app.media.restore(caller, ask.path.id));
  co_return co_await show(app, caller, ask.path.id);
}

Task<Result<ListView<VideoView>>> list_videos(Services& app, Caller caller, ListVideos ask) {
  media::ListQuery query{.limit = ask.query.page.limit + 1};
  if (ask.query.page.cursor) query.before = co_await ok(parse_cursor<VideoId>(*ask.query.page.cursor));
  const auto videos = co_await ok(app.media.list(caller, query));
  ListView<VideoView> list;
  for (const auto& video : videos) {
    if (list.data.size() == ask.query.page.limit) {
      list.has_more = true;
      list.next_cursor = cursor_of(list.data.back().created_at, list.data.back().id);
      break;
    }
    list.data.push_back(co_await ok(show(app, caller, video.id)));
  }
  co_return list;
}

Task<Result<http::WithHeaders<VideoView>>> show_video(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto version = visible.video().version;
  auto view = co_await ok(show(app, caller, ask.path.id));
  // State and progress do not move a row's version, so only a finished video may be remembered by it.
  const bool settled = is_settled(view.status);
  if (!settled) co_return http::WithHeaders<VideoView>{std::move(view), {}};
  co_return http::with_version(std::move(view), version);
}

Task<Result<WatchView>> watch_video(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto playback = co_await ok(app.media.playback(caller, std::move(visible)));
  co_return view_of(ask.path.id, playback);
}

}  // namespace kinora::api::v1
