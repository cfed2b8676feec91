#include "api/v1/events.hpp"

#include <algorithm>

#include "api/v1/outlines.hpp"
#include "base/deadline.hpp"
#include "base/numbers.hpp"

namespace kinora::api::v1 {

namespace {

// The bus may lose a message: how late the log is looked at all the same.
constexpr auto log_pause = 4s;

/// What a stream is about: everything that is its caller's, one video or one job.
struct About {
  std::optional<VideoId> video{};
  std::optional<JobId> job{};
  std::vector<std::string> types{};          ///< empty: all
  std::optional<std::int64_t> told_up_to{};  ///< where the client stood when it was here last
  bool is_anothers = false;                  ///< a video that its owner may hide at any time
};

/// What is left to say of a video that is gone.
struct GoneView {
  VideoId id{};
};

/// The log's word for it -> the wire's. A multipart upload makes the row when its bytes are there.
constexpr auto shown_types = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"video.uploaded", "video.created"},
    {"video.updated", "video.updated"},
    {"video.restored", "video.updated"},
    {"video.ready", "video.ready"},
    {"video.failed", "video.failed"},
    {"video.deleted", "video.deleted"},
    {"transcript.updated", "transcript.updated"},
    {"summary.updated", "summary.updated"},
    {"chapters.updated", "chapters.updated"},
    {"chat.message", "chat.message"},
});

struct ChaptersView {
  VideoId video_id{};
  std::vector<ChapterView> chapters{};
};
Task<Result<ChaptersView>> chapters_now(Services& app, Caller caller, VideoId id) {
  auto visible = co_await ok(app.media.find(caller, id));
  const auto chapters = co_await ok(app.ai.chapters(std::move(caller), std::move(visible)));
  co_return ChaptersView{id, view_of(id, chapters).data};
}

/// Without its words, which may be many thousands.
Task<Result<TranscriptView>> transcript_now(Services& app, Caller caller, VideoId id) {
  auto visible = co_await ok(app.media.find(caller, id));
  auto view = view_of(co_await ok(app.ai.transcript(std::move(caller), std::move(visible))));
  for (auto& segment : view.segments) segment.words.clear();
  co_return view;
}

Task<Result<SummaryView>> summary_now(Services& app, Caller caller, VideoId id) {
  auto visible = co_await ok(app.media.find(caller, id));
  co_return view_of(co_await ok(app.ai.summary(std::move(caller), std::move(visible))));
}

Task<Result<MessageView>> message_now(Services& app, Caller caller, MessageId id) {
  co_return view_of(co_await ok(app.chats.message(std::move(caller), id)));
}

/// What an event is about, as it is now, whatever has happened to it since.
template <class View>
Task<Result<std::string>> text_with(EventView<View> event, Task<Result<View>> now) {
  event.data = co_await ok(std::move(now));
  co_return to_json(event);
}

std::string shown_type(std::string_view topic) {
  const auto found = std::ranges::find(shown_types, topic, &std::pair<std::string_view, std::string_view>::first);
  return found == shown_types.end() ? std::string() : std::string(found->second);
}

/// Tells one client: first what it missed, by the log; then what happens, as the live bus wakes it. The bus may lose a message,
/// so the log is also looked at now and then.
class Feed {
 public:
  Feed(Services& app, Caller caller, About about) : app_(app), caller_(std::move(caller)), about_(std::move(about)) {
    caller_.deadline = std::chrono::steady_clock::time_point::max();  // the stream outlasts its request
  }

  Task<Result<void>> run(http::EventSink& sink) {
    const auto live = app_.live.subscribe(topic());  // before the log is read: nothing falls between
    co_await ok(begin(sink));
    while (true) {
      const auto news = co_await within(log_pause, live->next());
      if (!news && news.error().kind != ErrorKind::timeout) co_return std::unexpected(news.error());
      if (news) co_await ok(tell(sink, *news));
      if (std::chrono::steady_clock::now() - log_read_ >= log_pause) co_await ok(tell_log(sink));
    }
  }

 private:
  std::string topic() const {
    if (about_.job) return about_.job->canonical();
    return about_.video ? about_.video->canonical() : caller_.user.canonical();
  }
  bool wants(std::string_view type) const {
    return about_.types.empty() || std::ranges::find(about_.types, type) != about_.types.end();
  }

  Task<Result<void>> begin(http::EventSink& sink);
  Task<Result<void>> tell(http::EventSink& sink, LiveNews news);
  Task<Result<void>> tell_one(http::EventSink& sink, LiveUpdate update);
  Task<Result<void>> tell_log(http::EventSink& sink);
  Task<Result<void>> tell_logged(http::EventSink& sink, jobs::LoggedEvent event);
  Task<Result<std::string>> text_of(jobs::LoggedEvent event, std::string type);
  Task<Result<void>> tell_video(http::EventSink& sink, VideoId id);
  Task<Result<void>> tell_job(http::EventSink& sink);
  Task<Result<void>> send(http::EventSink& sink, std::string type, std::string text);

  Services& app_;
  Caller caller_;
  About about_;
  std::int64_t position_ = 0;
  std::chrono::steady_clock::time_point log_read_{};
};

Task<Result<void>> Feed::begin(http::EventSink& sink) {
  if (about_.job) co_return co_await tell_job(sink);
  const auto kept = co_await ok(app_.events.ends(caller_));
  position_ = about_.told_up_to.value_or(kept.last);
  const bool lost = position_ + 1 < kept.first || position_ > kept.last;
  if (lost) position_ = kept.last;
  // Whoever loses the connection before the first event stands here.
  http::ServerEvent here{lost ? "reset" : "", lost ? "{}" : "", std::to_string(position_)};
  co_await ok(sink.send(std::move(here)));
  if (about_.video) co_await ok(tell_video(sink, *about_.video));
  co_return co_await tell_log(sink);
}

Task<Result<void>> Feed::tell(http::EventSink& sink, LiveNews news) {
  if (news.missed) co_await ok(send(sink, "reset", "{}"));
  if (about_.is_anothers) co_await ok(app_.media.find(caller_, *about_.video));
  for (const auto& update : news.updates) co_await ok(tell_one(sink, update));
  co_return {};
}

Task<Result<void>> Feed::tell_one(http::EventSink& sink, LiveUpdate update) {
  if (update.key == jobs::log_grew) co_return co_await tell_log(sink);
  // How the work goes on is its owner's affair.
  if (update.value && about_.is_anothers) co_return {};
  const bool is_of_upload = UploadId::parse(update.key).has_value();
  if (update.value) co_return co_await send(sink, is_of_upload ? "upload.progress" : "job.updated", *update.value);
  if (const auto video = VideoId::parse(update.key)) co_return co_await tell_video(sink, *video);
  co_return {};
}

Task<Result<void>> Feed::tell_log(http::EventSink& sink) {
  log_read_ = std::chrono::steady_clock::now();
  if (about_.job) co_return {};
  jobs::EventQuery query{.user = caller_.user};
  if (about_.video) query.subject = about_.video->uuid;
  std::vector<jobs::LoggedEvent> events;
  do {
    query.position = position_;
    events = co_await ok(app_.events.after(caller_, query));
    for (const auto& event : events) {
      co_await ok(tell_logged(sink, event));
      position_ = event.position;
    }
  } while (std::ssize(events) == query.limit);
  co_return {};
}

Task<Result<void>> Feed::tell_logged(http::EventSink& sink, jobs::LoggedEvent event) {
  auto type = shown_type(event.type);
  if (type.empty() || !wants(type)) co_return {};
  http::ServerEvent shown{type, {}, std::to_string(event.position)};
  auto text = co_await text_of(event, type);
  const bool gone = !text && text.error().kind == ErrorKind::not_found;
  if (gone && about_.is_anothers && type != "video.deleted") co_return std::unexpected(std::move(text.error()));
  if (gone && !type.starts_with("video.")) co_return {};
  if (gone) text = to_json(EventView<GoneView>{event.id, std::move(type), event.created_at, {VideoId{event.subject}}});
  shown.data = co_await ok(std::move(text));
  co_return co_await sink.send(std::move(shown));
}

Task<Result<std::string>> Feed::text_of(jobs::LoggedEvent event, std::string type) {
  const VideoId video{event.subject};
  const auto with = [&]<class View>(Task<Result<View>> now) {
    return text_with(EventView<View>{event.id, type, event.created_at, {}}, std::move(now));
  };
  if (type == "transcript.updated") return with(transcript_now(app_, caller_, video));
  if (type == "summary.updated") return with(summary_now(app_, caller_, video));
  if (type == "chapters.updated") return with(chapters_now(app_, caller_, video));
  if (type == "chat.message") return with(message_now(app_, caller_, MessageId{event.subject}));
  return with(show(app_, caller_, video));
}

Task<Result<void>> Feed::tell_video(http::EventSink& sink, VideoId id) {
  if (!wants("video.updated")) co_return {};
  auto video = co_await show(app_, caller_, id);
  if (!video && video.error().kind == ErrorKind::not_found) co_return {};  // the log tells
  if (!video) co_return std::unexpected(std::move(video.error()));
  const EventView<VideoView> view{{}, "video.updated", app_.clock.now(), *std::move(video)};
  co_return co_await send(sink, view.type, to_json(view));
}

Task<Result<void>> Feed::tell_job(http::EventSink& sink) {
  const auto job = co_await ok(app_.queue.find(caller_, *about_.job));
  if (!job) co_return fail(ErrorKind::not_found, "there is no job " + about_.job->text());
  const EventView<JobView> view{{}, "job.updated", app_.clock.now(), view_of(*job)};
  co_return co_await send(sink, view.type, to_json(view));
}

Task<Result<void>> Feed::send(http::EventSink& sink, std::string type, std::string text) {
  if (type != "reset" && !wants(type)) co_return {};
  http::ServerEvent event{std::move(type), std::move(text), {}};
  co_return co_await sink.send(std::move(event));
}

http::EventStream stream(Services& app, Caller caller, About about) {
  const auto feed = std::make_shared<Feed>(app, std::move(caller), std::move(about));
  return {[feed](http::EventSink& sink) { return feed->run(sink); }};
}

/// What a browser sends by itself when it comes back, else what a client writes into the address.
Result<std::optional<std::int64_t>> told_up_to(const http::Head& head, const http::Optional<Position>& given) {
  const auto field = head.header("Last-Event-ID");
  if (!field || field->empty()) return given ? std::optional<std::int64_t>(given->value) : std::nullopt;
  const auto position = number_of<std::int64_t>(*field);
  if (position && *position >= 0) return position;
  return fail(ErrorKind::invalid, "Last-Event-ID is not the id of an event: leave it out, or send back what came as id",
              "malformed");
}

}  // namespace

Task<Result<http::EventStream>> watch_account(Services& app, Caller caller, WatchAccount ask) {
  About about{.video = ask.query.video_id};
  if (ask.query.types) about.types.assign(ask.query.types->begin(), ask.query.types->end());
  about.told_up_to = co_await ok(told_up_to(ask.head, ask.query.last_event_id));
  if (about.video) co_await ok(app.media.owned(caller, *about.video));
  co_return stream(app, std::move(caller), std::move(about));
}

Task<Result<http::EventStream>> watch_one_video(Services& app, Caller caller, WatchOneVideo ask) {
  About about{.video = ask.path.id};
  about.told_up_to = co_await ok(told_up_to(ask.head, ask.query.last_event_id));
  const auto video = co_await ok(app.media.find(caller, ask.path.id));
  about.is_anothers = video.video().owner != caller.user;
  co_return stream(app, std::move(caller), std::move(about));
}

Task<Result<http::EventStream>> watch_one_job(Services& app, Caller caller, WatchOneJob ask) {
  const auto job = co_await ok(app.queue.find(caller, ask.path.id));
  if (!job) co_return fail(ErrorKind::not_found, "there is no job " + ask.path.id.text());
  co_return stream(app, std::move(caller), {.job = ask.path.id});
}

}  // namespace kinora::api::v1
