#pragma once

#include <variant>

#include "api/services.hpp"
#include "api/shared/intake.hpp"
#include "api/v1/credentials.hpp"
#include "api/v1/views.hpp"
#include "http/answers.hpp"
#include "http/ask.hpp"
#include "http/types.hpp"

/// The requests of the native API and the function that answers each; routes.cpp lists them with their rules.
namespace kinora::api::v1 {

using http::Text;

// system.cpp
struct InfoView {
  std::string name;
  std::string version;
  std::string docs;
  std::string health;
};
Task<Result<InfoView>> server_info(Services& app, Caller caller);
struct LiveView {
  std::string status;
};
Task<Result<LiveView>> is_live(Services& app, Caller caller);
struct HealthView {
  std::string status;  ///< ok, error
  Time timestamp{};
  std::string version;
  boost::json::value services = boost::json::object();  ///< by name: up, degraded (the server does less), down
  std::optional<boost::json::value> details{};          ///< by name: why a part is not up, where HEALTH_DETAIL is on
};
/// 503 when a critical part is down.
Task<Result<std::variant<HealthView, http::Reply>>> show_health(Services& app, Caller caller);
Task<Result<http::Plain>> show_openapi(Services& app, Caller caller);

// accounts.cpp
using Email = Text<3, 255>;
using Password = Text<8, 256>;
struct SetUp {
  struct Body {
    Text<1, 200> token;
    Email email;
    Password password;
    Text<1, 255> name;
  } body;
  http::Head head;
};
Task<Result<http::Created<SignInView>>> set_up(Services& app, Caller caller, SetUp ask);
struct SignUp {
  struct Body {
    Email email;
    Password password;
    http::Optional<Text<1, 255>> name;
    http::Optional<Text<1, 255>> fullName;  ///< as another server's front end calls it
    http::Optional<Text<1, 200>> invite;
  } body;
  http::Head head;
};
Task<Result<http::Created<SignInView>>> sign_up(Services& app, Caller caller, SignUp ask);
struct LogIn {
  struct Body {
    Email email;
    Text<1, 256> password;
    http::Optional<http::Flag> cookie;
  } body;
  http::Head head;
};
/// `cookie` sets the session cookie too, and the answer has its CSRF token.
Task<Result<http::WithHeaders<SignInView>>> log_in(Services& app, Caller caller, LogIn ask);
struct Refresh {
  struct Body {
    Text<1, 500> refresh_token;
  } body;
};
Task<Result<SignInView>> refresh(Services& app, Caller caller, Refresh ask);
Task<Result<UserView>> show_me(Services& app, Caller caller);

// uploads.cpp
struct UploadVideo {
  using Fields = VideoFields;  ///< of the form, beside the file

  http::Multipart body;
};
struct UploadedView {
  VideoView video;
  JobView job;
};
Task<Result<http::Created<UploadedView>>> upload_video(Services& app, Caller caller, UploadVideo ask);
/// As its upload was answered.
Task<Result<http::Created<UploadedView>>> uploaded_video(Services& app, Caller caller, VideoId id);

// videos.cpp
struct ListVideos {
  struct Query {
    http::Page page;
    http::Optional<http::OneOf<media::Status>> status;
    http::Optional<ChannelId> channel_id;
    http::Optional<http::OneOf<media::Visibility>> visibility;
    http::Optional<Text<1, 100>> tag;
    http::Optional<Text<0, 200>> q;
    http::Optional<Time> created_after;
    http::Optional<Time> created_before;
    http::Default<http::OneOf<media::ListOrder>, media::ListOrder::newest> sort;
  } query;
};
/// Errors: invalid, with the field, when no moment lies between the two.
Result<void> set_span(media::ListQuery& query, std::optional<Time> after, std::optional<Time> before);
Task<Result<ListView<VideoView>>> list_videos(Services& app, Caller caller, ListVideos ask);
/// A video as this caller sees it now.
Task<Result<VideoView>> show(Services& app, Caller caller, VideoId id);
struct OneVideo {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
};
Task<Result<http::WithHeaders<VideoView>>> show_video(Services& app, Caller caller, OneVideo ask);
Task<Result<WatchView>> watch_video(Services& app, Caller caller, OneVideo ask);

struct ChangeVideo {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  struct Body {
    http::Optional<Text<1, 500>> title;
    http::Optional<Text<0, 5000>> description;
    http::Optional<http::OneOf<media::Visibility>> visibility;
    http::Optional<http::List<Text<1, 100>, 0, 50>> tags;
    http::Optional<Text<2, 35>> language;
  } body;
  http::IfMatch match;
};
Task<Result<http::WithHeaders<VideoView>>> change_video(Services& app, Caller caller, ChangeVideo ask);
struct DeleteVideo {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  http::IfMatch match;
};
Task<Result<http::NoContent>> delete_video(Services& app, Caller caller, DeleteVideo ask);
Task<Result<VideoView>> restore_video(Services& app, Caller caller, OneVideo ask);

// renditions.cpp
Task<Result<ListView<VariantView>>> list_variants(Services& app, Caller caller, OneVideo ask);
Task<Result<http::Plain>> show_storyboard(Services& app, Caller caller, OneVideo ask);

// media.cpp
struct ReadMedia {
  struct Path {
    Text<1, 200> grant;
    Text<1, 500> path;
  } path;
};
Task<Result<std::variant<http::Plain, http::FileReply>>> read_media(Services& app, Caller caller, ReadMedia ask);

// search.cpp
struct FindMoments {
  struct Query {
    http::Page page;
    Text<1, 500> q;
    http::Default<http::OneOf<SearchMode>, SearchMode::hybrid> mode;
    http::Optional<VideoId> video_id;
    http::Optional<ChannelId> channel_id;
    http::Optional<Text<1, 35>> language;
  } query;
};
Task<Result<ListView<MomentView>>> find_moments(Services& app, Caller caller, FindMoments ask);

// chats.cpp
struct OpenChat {
  struct Body {
    http::Optional<Text<1, 200>> title;
    struct Scope {
      http::Optional<http::List<VideoId, 0, 100>> video_ids;
      http::Optional<ChannelId> channel_id;
      http::Optional<http::Flag> all;  ///< of the caller's; when absent: where nothing else is named
    };
    http::Optional<Scope> scope;
  } body;
};
Task<Result<http::Created<ChatView>>> open_chat(Services& app, Caller caller, OpenChat ask);
/// As its opening was answered.
Task<Result<http::Created<ChatView>>> opened_chat(Services& app, Caller caller, ChatId id);
struct OneChat {
  struct Path {
    ChatId id;
  } path;
};
Task<Result<http::WithHeaders<ChatView>>> show_chat(Services& app, Caller caller, OneChat ask);

// jobs.cpp
struct OneJob {
  struct Path {
    JobId id;
  } path;
};
Task<Result<JobView>> show_job(Services& app, Caller caller, OneJob ask);

}  // namespace kinora::api::v1
