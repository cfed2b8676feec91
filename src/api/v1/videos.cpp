#include <bit>

#include "api/shared/intake.hpp"
#include "api/shared/paging.hpp"
#include "api/v1/resources.hpp"
#include "http/conditions.hpp"

namespace kinora::api::v1 {

namespace {

Task<Result<VideoView>> look_at(Services& app, Caller caller, media::VisibleVideo visible) {
  const auto stages = co_await ok(app.pipeline.stages_of(caller, visible));
  const auto files = co_await ok(app.media.addresses(caller, visible));
  auto view = view_of(visible.video(), stages, files);
  view.user_name = co_await ok(app.accounts.name_of(std::move(caller), view.user_id));
  co_return view;
}

}  // namespace

Task<Result<VideoView>> show(Services& app, Caller caller, VideoId id) {
  auto visible = co_await ok(app.media.find(caller, id));
  co_return co_await look_at(app, std::move(caller), std::move(visible));
}

Task<Result<http::WithHeaders<VideoView>>> change_video(Services& app, Caller caller, ChangeVideo ask) {
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  media::VideoChange change{.if_version = std::move(ask.match.versions)};
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
  co_await ok(app.media.remove(caller, std::move(video), std::move(ask.match.versions)));
  co_return http::NoContent{};
}

Task<Result<VideoView>> restore_video(Services& app, Caller caller, OneVideo ask) {
  co_await ok(app.media.restore(caller, ask.path.id));
  co_return co_await show(app, caller, ask.path.id);
}

namespace {

/// A place in a list of videos as its cursor holds it: exactly, which JSON's times and fractions would not be.
struct VideoPlace {
  std::int64_t born_us = 0;
  std::string title;
  std::int64_t duration_bits = 0;
  VideoId id{};
};
VideoPlace sealed(const media::ListPlace& place) {
  return {place.created_at.time_since_epoch().count(), place.title, std::bit_cast<std::int64_t>(place.duration), place.id};
}
media::ListPlace opened(const VideoPlace& place) {
  return {Time(std::chrono::microseconds(place.born_us)), place.title, std::bit_cast<double>(place.duration_bits), place.id};
}

Result<media::ListQuery> query_of(const ListVideos::Query& asked) {
  media::ListQuery query{.order = asked.sort, .limit = asked.page.limit + 1};
  if (asked.status) query.status = *asked.status;
  if (asked.visibility) query.visibility = *asked.visibility;
  query.channel = asked.channel_id;
  if (asked.tag) query.tag = asked.tag->value;
  if (asked.q) query.text = asked.q->value;
  if (auto spanned = set_span(query, asked.created_after, asked.created_before); !spanned)
    return std::unexpected(std::move(spanned.error()));
  return query;
}

}  // namespace

Result<void> set_span(media::ListQuery& query, std::optional<Time> after, std::optional<Time> before) {
  if (before) query.created_before = *before;
  // People know times by the millisecond: what they were shown as a time does not come after it.
  if (after) query.created_after = std::chrono::floor<std::chrono::milliseconds>(*after) + 999us;
  if (query.created_after < query.created_before) return {};
  return wrong_field("/query", "created_before", "contradiction", "must be later than created_after");
}

Task<Result<ListView<VideoView>>> list_videos(Services& app, Caller caller, ListVideos ask) {
  auto query = co_await ok(query_of(ask.query));
  const auto place = co_await ok(place_of<VideoPlace>(app.cursors, caller, ask.query.page));
  if (place) query.after = opened(*place);
  const auto order = query.order;
  auto videos = co_await ok(app.media.list(caller, std::move(query)));
  ListView<VideoView> list{.has_more = cut_to_page(videos, ask.query.page.limit)};
  for (const auto& video : videos) {
    auto view = co_await show(app, caller, video.id);
    if (!view && view.error().kind == ErrorKind::not_found) continue;  // deleted this moment
    list.data.push_back(co_await ok(std::move(view)));
  }
  if (list.has_more)
    list.next_cursor = cursor_of(app.cursors, caller, ask.query.page, sealed(media::place_of(order, videos.back())));
  co_return list;
}

Task<Result<http::WithHeaders<VideoView>>> show_video(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto version = visible.video().version;
  auto view = co_await ok(look_at(app, caller, std::move(visible)));
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
