#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/names.hpp"
#include "base/pool.hpp"
#include "base/task.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"

namespace kinora::accounts {

struct User {
  UserId id{};
  std::int64_t number = 0;  ///< ascending, for front ends that count
  std::string email;        ///< folded to lower case
  std::string name;
  std::optional<std::string> avatar_url{};
  Role role = Role::user;
  Plan plan = Plan::free;
  std::optional<Time> plan_expires_at{};
  std::optional<std::string> locale{};
  std::optional<Time> email_verified_at{};
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
};

/// What a client gets for proving who it is.
struct SignIn {
  User user;
  std::string access_token;   ///< JWT, RFC 7519
  std::string refresh_token;  ///< opaque, one use
  std::chrono::seconds expires_in{};
};

enum class Registration : std::uint8_t { open, invite, closed };

struct Settings {
  std::string jwt_secret;
  std::string refresh_secret;
  std::chrono::seconds access_lifetime{3600};
  std::chrono::seconds refresh_lifetime{7 * 24 * 3600};
  Registration registration = Registration::open;
};

/// From where a sign-in came; shown to the user in the list of sessions.
struct Origin {
  std::string address;
  std::string user_agent;
};

struct NewUser {
  std::string email;
  std::string password;  ///< 8-256 bytes
  std::string name;
  std::string invite{};  ///< the token of an invitation, or of the set-up link
};

/// Who people are and how they prove it. Any thread.
class Accounts {
 public:
  Accounts(Settings settings, Database& database, Clock& clock, Random& random);
  ~Accounts();

  /// A fresh one-time token for the first admin, valid for 24 h; empty once there is an admin.
  Task<Result<std::optional<std::string>>> open_setup();
  /// The first admin, by the set-up token. Errors: not_found (unknown token), expired, conflict (email_taken).
  Task<Result<SignIn>> set_up(Caller caller, NewUser user, Origin origin);
  /// Errors: forbidden (registration_closed), conflict (email_taken).
  Task<Result<SignIn>> sign_up(Caller caller, NewUser user, Origin origin);
  /// Unknown address and wrong password give the same answer in the same time: unauthorised (invalid_credentials).
  Task<Result<SignIn>> log_in(Caller caller, std::string email, std::string password, Origin origin);
  /// One use: rotates. The same token again within 10 s gets the same pair (a lost answer); later it ends the whole family.
  Task<Result<SignIn>> refresh(Caller caller, std::string refresh_token);
  /// Ends the caller's session; its access token is refused from now on.
  Task<Result<void>> log_out(Caller caller);

  /// Fills who asks into `anonymous` from a bearer token. Errors: unauthorised (token_expired).
  Task<Result<Caller>> authenticate(Caller anonymous, std::string bearer);
  Task<Result<User>> me(Caller caller);

 private:
  struct Checked;
  Task<Result<SignIn>> join(Caller caller, NewUser user, Origin origin, Role role);
  Task<Result<SignIn>> open_session(Caller caller, User user, Origin origin);
  SignIn signed_in(User user, SessionId session, std::string refresh_token, Time issued_at) const;
  std::string next_refresh_token(const std::string& spent) const;

  Settings settings_;
  Database& database_;
  Clock& clock_;
  Random& random_;
  Pool hashing_;  ///< Argon2id takes 19 MiB and a core for a moment: a bounded pool, so a login flood cannot take the machine
};

std::vector<Migration> migrations();

}  // namespace kinora::accounts

template <>
struct kinora::Names<kinora::Role> {
  static constexpr auto table =
      std::to_array<std::pair<Role, std::string_view>>({{Role::user, "user"}, {Role::admin, "admin"}});
};
template <>
struct kinora::Names<kinora::Plan> {
  static constexpr auto table =
      std::to_array<std::pair<Plan, std::string_view>>({{Plan::free, "free"}, {Plan::premium, "premium"}});
};
template <>
struct kinora::Names<kinora::accounts::Registration> {
  using enum accounts::Registration;
  static constexpr auto table = std::to_array<std::pair<accounts::Registration, std::string_view>>(
      {{open, "open"}, {invite, "invite"}, {closed, "closed"}});
};
