#pragma once

#include "api/services.hpp"
#include "http/answers.hpp"
#include "http/ask.hpp"
#include "http/types.hpp"

/// What happens, as it happens: server-sent events.
namespace kinora::api::v1 {

/// The data of every event. Only those of the log have an id; what is true now (progress, a stage that began) has none.
template <class Data>
struct EventView {
  std::optional<EventId> id{};
  std::string type;
  Time created_at{};
  Data data;
};

using Position = http::Int<0, std::numeric_limits<std::int64_t>::max()>;

struct WatchAccount {
  struct Query {
    http::Optional<http::List<http::Text<1, 100>, 1, 50>> types;
    http::Optional<VideoId> video_id;
    http::Optional<Position> last_event_id;
  } query;
  http::Head head;
};
Task<Result<http::EventStream>> watch_account(Services& app, Caller caller, WatchAccount ask);

struct WatchOneVideo {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  struct Query {
    http::Optional<Position> last_event_id;
  } query;
  http::Head head;
};
/// Begins with the video as it is.
Task<Result<http::EventStream>> watch_one_video(Services& app, Caller caller, WatchOneVideo ask);

struct WatchOneJob {
  struct Path {
    JobId id;
  } path;
};
/// Begins with the job as it is.
Task<Result<http::EventStream>> watch_one_job(Services& app, Caller caller, WatchOneJob ask);

}  // namespace kinora::api::v1
