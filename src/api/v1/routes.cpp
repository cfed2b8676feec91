#include "api/v1/routes.hpp"

#include <algorithm>

#include "api/shared/numbered_videos.hpp"
#include "api/v1/chats.hpp"
#include "api/v1/events.hpp"
#include "api/v1/jobs.hpp"
#include "api/v1/outlines.hpp"
#include "api/v1/resources.hpp"
#include "api/v1/search_videos.hpp"
#include "api/v1/system.hpp"

namespace kinora::api::v1 {

namespace {

using enum http::Method;
using enum http::Access;
using http::LimitClass;
using http::once;
using http::route;
using Routes = std::vector<http::Route>;

constexpr auto plain = LimitClass::default_;
constexpr auto none = LimitClass::none;

/// What another server's front end asks, unchanged: it may send what we do not know. To all other routes that is an error.
constexpr auto foreign_paths = std::to_array<std::string_view>({
    "/api/v1",
    "/api/v1/health",
    "/api/v1/health/live",
    "/api/v1/health/ready",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/system",
    "/api/v1/auth/signup",
    "/api/v1/auth/login",
    "/api/v1/auth/logout",
    "/api/v1/auth/logout-all",
    "/api/v1/users/me",
    "/api/v1/videos",
    "/api/v1/videos/upload",
    "/api/v1/videos/list",
    "/api/v1/videos/search",
    "/api/v1/videos/{id}",
    "/api/v1/videos/{id}/watch",
    "/api/v1/videos/{id}/transcript",
    "/api/v1/videos/{id}/summary",
    "/api/v1/videos/{id}/chapters",
    "/api/v1/videos/{id}/variants",
    "/api/v1/videos/{id}/reprocess",
    "/api/v1/search",
    "/api/v1/admin/dead-letters",
    "/api/v1/admin/dead-letters/{id}/replay",
    "/media/{grant}/{path...}",
});

// clang-format off
Routes system_routes(Services& app) {
  return {
      route(app, {get, "/api/v1", anyone, plain, "What this server is"}, server_info),
      route(app, {get, "/api/v1/health/live", anyone, none, "Whether the process lives"}, is_live),
      route(app, {get, "/api/v1/health", anyone, none, "Which parts are up", {503}}, show_health),
      route(app, {get, "/api/v1/health/ready", anyone, none, "Whether requests can be served", {503}}, show_health),
      route(app, {get, "/readyz", anyone, none, "Whether requests can be served", {503}}, show_health),
      route(app, {.method = get, .path = "/api/v1/openapi.json", .access = anyone, .summary = "This interface, as OpenAPI 3.1", .content_types = {"application/json"}}, show_openapi),
      route(app, {get, "/healthz", anyone, none, "Whether the process lives"}, is_live),
      route(app, {get, "/api/v1/system", either, plain, "What this server can do"}, show_system),
      route(app, {.method = get, .path = "/metrics", .access = anyone, .limit = none, .summary = "What this server counts of itself, for Prometheus", .errors = {401, 403}, .content_types = {"text/plain"}}, show_metrics),
  };
}

Routes account_routes(Services& app) {
  return {
      route(app, {post, "/api/v1/setup", anyone, LimitClass::signup, "Make the first admin by the set-up link", {404, 409, 410}}, set_up),
      route(app, {post, "/api/v1/auth/signup", anyone, LimitClass::signup, "Make an account", {403, 404, 409, 410}}, sign_up),
      route(app, {post, "/api/v1/invites", admin, plain, "Invite somebody to make an account"}, invite),
      route(app, {post, "/api/v1/auth/login", anyone, LimitClass::login, "Sign in", {401, 403}}, log_in),
      route(app, {post, "/api/v1/auth/refresh", anyone, plain, "Change a refresh token for new ones", {401}}, refresh),
      route(app, {post, "/api/v1/auth/logout", either, plain, "End this session"}, log_out),
      route(app, {post, "/api/v1/auth/logout-all", either, plain, "End all my sessions"}, log_out_everywhere),
      route(app, {get, "/api/v1/users/me", either, plain, "Who I am"}, show_me),
      route(app, {patch, "/api/v1/users/me", either, plain, "Change my name, picture, language"}, change_me),
      route(app, {delete_, "/api/v1/users/me", either, LimitClass::signup, "End my account, and have all that is mine erased", {409}}, erase_me),
      route(app, {post, "/api/v1/users/me/password", either, LimitClass::signup, "Change my password", {409}}, change_password),
      route(app, {get, "/api/v1/sessions", either, plain, "Where I am signed in"}, list_sessions),
      route(app, {delete_, "/api/v1/sessions/{id}", either, plain, "End one of my sessions", {404}}, end_session),
      route(app, {get, "/api/v1/api-keys", either, plain, "My API keys"}, list_api_keys),
      route(app, {post, "/api/v1/api-keys", either, plain, "Make an API key"}, make_api_key),
      route(app, {delete_, "/api/v1/api-keys/{id}", either, plain, "Remove an API key", {404}}, remove_api_key),
      route(app, {.method = post, .path = "/api/v1/realtime/tickets", .summary = "A ticket for one stream", .scope = Scope::read}, make_ticket),
  };
}

Routes video_routes(Services& app) {
  return {
      once(app, {.method = post, .path = "/api/v1/videos/upload", .access = either, .limit = LimitClass::upload,
                  .summary = "Upload a video or sound file", .errors = {400, 415, 507}, .time_max = 3600s}, upload_video, uploaded_video),
      route(app, {get, "/api/v1/videos/list", either, plain, "My videos, newest first", {400}}, list_videos),
      route(app, {get, "/api/v1/videos", either, plain, "My videos, newest first", {400}}, list_videos),
      route(app, {get, "/api/v1/videos/search", either, plain, "Videos by their words, best first", {400, 503}}, search_videos),
      route(app, {get, "/api/v1/videos/{id}", optional, plain, "One video", {404}}, show_video),
      route(app, {patch, "/api/v1/videos/{id}", either, plain, "Change a video's title, description, visibility, tags", {404}}, change_video),
      route(app, {delete_, "/api/v1/videos/{id}", either, plain, "Delete a video and all that was made of it", {404}}, delete_video),
      route(app, {post, "/api/v1/videos/{id}/restore", either, plain, "Bring a deleted video back, within ten minutes", {404}}, restore_video),
      route(app, {get, "/api/v1/videos/{id}/watch", optional, plain, "What a player needs", {404, 409}}, watch_video),
      route(app, {.method = get, .path = "/api/v1/videos/{id}/transcript", .access = optional, .summary = "Every word with its time", .errors = {404, 409},
                  .content_types = {"text/plain", "application/x-subrip", "text/vtt"}}, read_transcript),
      route(app, {patch, "/api/v1/videos/{id}/transcript", either, plain, "Correct what was heard", {404, 409}}, correct_transcript),
      route(app, {get, "/api/v1/videos/{id}/summary", optional, plain, "What a video says, in a few of its own sentences", {404, 409}}, show_summary),
      once(app, {post, "/api/v1/videos/{id}/summary", either, LimitClass::summarize, "Summarise it anew", {404, 409}}, summarise, accepted_job),
      route(app, {get, "/api/v1/videos/{id}/chapters", optional, plain, "Its parts", {404, 409}}, list_chapters),
      route(app, {put, "/api/v1/videos/{id}/chapters", either, plain, "Set its parts by hand", {404}}, set_chapters),
      route(app, {get, "/api/v1/videos/{id}/variants", either, plain, "The rungs of a video, as files to take away", {404}}, list_variants),
      route(app, {.method = get, .path = "/api/v1/videos/{id}/storyboard", .access = optional, .summary = "Small pictures over the whole length, as WebVTT",
                  .errors = {404, 409}, .content_types = {"text/vtt"}}, show_storyboard),
      route(app, {.method = get, .path = "/media/{grant}/{path...}", .access = anyone, .limit = LimitClass::media,
                  .summary = "Playlists, segments and files of one video", .errors = {403, 404}, .content_types = {"application/vnd.apple.mpegurl", "text/vtt", "video/mp4", "audio/mp4", "image/jpeg", "application/octet-stream"}, .time_max = 3600s,
                  .sharing = http::Sharing::everyone}, read_media),
  };
}

Routes question_routes(Services& app) {
  return {
      route(app, {get, "/api/v1/search", either, plain, "Moments in videos, by words and by meaning", {400, 503}}, find_moments),
      route(app, {get, "/api/v1/chats", either, plain, "My chats, newest first", {400}}, list_chats),
      once(app, {.method = post, .path = "/api/v1/chats", .summary = "Begin a chat", .errors = {404}, .scope = Scope::chat}, open_chat, opened_chat),
      route(app, {get, "/api/v1/chats/{id}", either, plain, "One chat", {404}}, show_chat),
      route(app, {.method = patch, .path = "/api/v1/chats/{id}", .summary = "Rename a chat, or change what it is about", .errors = {404}, .scope = Scope::chat}, change_chat),
      route(app, {.method = delete_, .path = "/api/v1/chats/{id}", .summary = "Delete a chat and its messages", .errors = {404}, .scope = Scope::chat}, delete_chat),
      route(app, {get, "/api/v1/chats/{id}/messages", either, plain, "The messages of a chat, oldest first", {400, 404}}, list_messages),
      once(app, {post, "/api/v1/chats/{id}/messages", either, LimitClass::chat, "Ask, and be answered with citations", {404}}, ask_question, answered_question),
      route(app, {get, "/api/v1/messages/{id}", either, plain, "One message", {404}}, show_message),
      route(app, {.method = post, .path = "/api/v1/messages/{id}/cancel", .summary = "Stop an answer that is being made", .errors = {404, 409}, .scope = Scope::chat}, cancel_message),
  };
}

Routes work_routes(Services& app) {
  return {
      once(app, {post, "/api/v1/videos/{id}/reprocess", either, plain, "Make good what failed or would be made otherwise today", {404, 409}}, reprocess_video, accepted_job),
      route(app, {get, "/api/v1/jobs", either, plain, "My jobs, newest first", {400}}, list_jobs),
      route(app, {get, "/api/v1/jobs/{id}", either, plain, "One job and its progress", {404}}, show_job),
      route(app, {.method = get, .path = "/api/v1/events", .access = either, .limit = plain, .summary = "What happens to what is mine, as server-sent events",
                  .errors = {400, 404}, .takes_ticket = true}, watch_account),
      route(app, {.method = get, .path = "/api/v1/videos/{id}/events", .access = either, .limit = plain, .summary = "What happens to one video, as server-sent events",
                  .errors = {400, 404}, .takes_ticket = true}, watch_one_video),
      route(app, {.method = get, .path = "/api/v1/jobs/{id}/events", .access = either, .limit = plain, .summary = "How one job goes on, as server-sent events",
                  .errors = {404}, .takes_ticket = true}, watch_one_job),
      route(app, {post, "/api/v1/jobs/{id}/cancel", either, plain, "Stop a job and its children", {404, 409}}, cancel_job),
      once(app, {post, "/api/v1/jobs/{id}/retry", either, plain, "Have a failed or cancelled job run again", {404, 409}}, retry_job, accepted_job),
      route(app, {get, "/api/v1/admin/dead-letters", admin, plain, "Jobs that failed for good, newest first", {400}}, list_dead_letters),
      once(app, {post, "/api/v1/admin/dead-letters/replay", admin, plain, "Have all of a kind run again"}, replay_dead_letters, accepted_job),
      once(app, {post, "/api/v1/admin/dead-letters/{id}/replay", admin, plain, "Have its job run again", {404, 409}}, replay_dead_letter, accepted_job),
      route(app, {delete_, "/api/v1/admin/dead-letters/{id}", admin, plain, "Forget it; the job stays failed", {404}}, delete_dead_letter),
  };
}

// clang-format on

}  // namespace

std::vector<http::Route> routes(Services& app) {
  Routes all;
  for (auto group : {system_routes(app), account_routes(app), video_routes(app), question_routes(app), work_routes(app)})
    std::ranges::move(group, std::back_inserter(all));
  for (auto& route : all)
    if (std::ranges::find(foreign_paths, route.spec.path) == foreign_paths.end()) route.spec.unknown = http::Unknown::refused;
  return all;
}

}  // namespace kinora::api::v1
