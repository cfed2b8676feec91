#pragma once

#include <optional>
#include <string>
#include <vector>

#include "api/services.hpp"
#include "api/v1/views.hpp"
#include "http/answers.hpp"
#include "http/ask.hpp"
#include "http/types.hpp"

/// Sessions, API keys and tickets of the native API, and what a person changes of himself.
namespace kinora::api::v1 {

using http::Text;

// me.cpp
struct ChangeMe {
  struct Body {
    http::Optional<Text<1, 255>> name;
    http::Optional<Text<0, 2048>> avatar_url;
    http::Optional<Text<0, 35>> locale;
  } body;
};
Task<Result<UserView>> change_me(Services& app, Caller caller, ChangeMe ask);
struct EraseMe {
  struct Body {
    Text<1, 256> password;
  } body;
  http::Head head;
};
struct ErasureView {
  JobView job;
};
/// The caller is signed out by it: no later request of his can ask for the job.
Task<Result<http::WithHeaders<http::Accepted<ErasureView>>>> erase_me(Services& app, Caller caller, EraseMe ask);
struct ChangePassword {
  struct Body {
    Text<1, 256> current_password;
    Text<8, 256> new_password;
  } body;
};
Task<Result<http::NoContent>> change_password(Services& app, Caller caller, ChangePassword ask);

// sessions.cpp
struct SessionView {
  SessionId id{};
  accounts::SessionType kind{};
  std::string user_agent;
  std::string ip;
  Time last_seen_at{};
  Time expires_at{};
  bool current = false;
  Time created_at{};
  Time updated_at{};
};
Task<Result<ListView<SessionView>>> list_sessions(Services& app, Caller caller);
struct OneSession {
  struct Path {
    SessionId id;
  } path;
};
Task<Result<http::NoContent>> end_session(Services& app, Caller caller, OneSession ask);
struct LogOut {
  http::Head head;
};
/// Clears the cookie too.
Task<Result<http::WithHeaders<http::NoContent>>> log_out(Services& app, Caller caller, LogOut ask);
Task<Result<http::WithHeaders<http::NoContent>>> log_out_everywhere(Services& app, Caller caller, LogOut ask);

// api_keys.cpp
struct ApiKeyView {
  ApiKeyId id{};
  std::string name;
  std::vector<Scope> scopes;
  std::string prefix;
  std::optional<Time> last_used_at{};
  std::optional<Time> expires_at{};
  Time created_at{};
  Time updated_at{};
};
struct NewApiKeyView {
  ApiKeyView api_key;
  std::string secret;  ///< shown this once
};
struct MakeApiKey {
  struct Body {
    Text<1, 100> name;
    http::List<http::OneOf<Scope>, 1, 5> scopes;
    http::Optional<Time> expires_at;
  } body;
};
Task<Result<http::Created<NewApiKeyView>>> make_api_key(Services& app, Caller caller, MakeApiKey ask);
Task<Result<ListView<ApiKeyView>>> list_api_keys(Services& app, Caller caller);
struct OneApiKey {
  struct Path {
    ApiKeyId id;
  } path;
};
Task<Result<http::NoContent>> remove_api_key(Services& app, Caller caller, OneApiKey ask);

// invites.cpp
struct InviteView {
  InviteId id{};
  std::optional<std::string> email{};
  Role role{};
  Time expires_at{};
  std::optional<Time> used_at{};
  std::string url;  ///< of the page, shown this once
  Time created_at{};
  Time updated_at{};
};
struct MakeInvite {
  struct Body {
    http::Optional<Text<3, 255>> email;
    http::Default<http::OneOf<Role>, Role::user> role;
  } body;
};
Task<Result<http::Created<InviteView>>> invite(Services& app, Caller caller, MakeInvite ask);

// sessions.cpp
struct TicketView {
  std::string ticket;
  Time expires_at{};
};
Task<Result<http::Created<TicketView>>> make_ticket(Services& app, Caller caller);

}  // namespace kinora::api::v1
