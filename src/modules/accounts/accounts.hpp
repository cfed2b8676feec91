#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/log.hpp"
#include "base/names.hpp"
#include "base/pool.hpp"
#include "base/task.hpp"
#include "jobs/queue.hpp"
#include "modules/accounts/credentials.hpp"
#include "modules/accounts/presence.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"
#include "ports/rate_limiter.hpp"

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
  std::optional<CookieSecrets> cookie{};  ///< when one was asked for
};

enum class Registration : std::uint8_t { open, invite, closed };

struct Settings {
  std::string jwt_secret;
  std::string refresh_secret;
  std::string session_secret{};
  std::chrono::seconds access_lifetime{3600};
  std::chrono::seconds refresh_lifetime{7 * 24 * 3600};
  std::chrono::seconds session_lifetime{7 * 24 * 3600};  ///< of a cookie's session after its last use
  Registration registration = Registration::open;
};

/// What a person may change of himself; what is absent stays, an empty address or locale goes.
struct UserChange {
  std::optional<std::string> name{};
  std::optional<std::string> avatar_url{};
  std::optional<std::string> locale{};
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

/// Lets one person make an account.
struct Invitation {
  InviteId id{};
  std::optional<std::string> email{};  ///< the only address that it lets in; absent: any
  Role role = Role::user;
  Time expires_at{};
  Time created_at{};
  std::string token;  ///< told this once, works once
};

/// What another module keeps of a person, for the day he goes. The module implements it, wiring lists it.
class Belongings {
 public:
  virtual ~Belongings() = default;
  /// Inside the transaction that ends the account: from its commit on nobody sees them.
  virtual Task<Result<void>> hide(Transaction tx, UserId user) = 0;
  /// They go for good. Asked again after a failure, and once more when nothing that began before can still write.
  virtual Task<Result<void>> erase(Caller caller, UserId user) = 0;
};

/// What the end of an account needs; all of it outlives the accounts.
struct Erasure {
  jobs::Queue* queue = nullptr;
  std::vector<Belongings*> belongings{};
};

struct NewSession;

/// Who people are and how they prove it. Any thread.
class Accounts {
 public:
  Accounts(Settings settings, Database& database, Clock& clock, Random& random);
  ~Accounts();

  /// A fresh one-time token for the first admin, valid for 24 h; empty once there is an admin.
  Task<Result<std::optional<std::string>>> open_setup();
  /// For a week. Errors: forbidden (no admin).
  Task<Result<Invitation>> invite(Caller caller, std::optional<std::string> email, Role role);
  /// Who was admin first, for commands of whoever may read the database; empty while there is none.
  Task<Result<std::optional<Caller>>> first_admin();
  /// The first admin, by the set-up token. Errors: not_found (unknown token), expired, conflict (email_taken).
  Task<Result<SignIn>> set_up(Caller caller, NewUser user, Origin origin);
  /// Errors: forbidden (registration_closed), conflict (email_taken).
  Task<Result<SignIn>> sign_up(Caller caller, NewUser user, Origin origin);
  /// Sign-ins of one address are counted by this rule, whoever tries them. Before the first one; `limiter` must outlive this.
  void limit_log_ins(RateLimiter& limiter, RateRule rule);
  /// Unknown address and wrong password give the same answer in the same time: unauthorised (invalid_credentials). Errors:
  /// rate_limited.
  Task<Result<SignIn>> log_in(Caller caller, std::string email, std::string password, Origin origin,
                              SessionType type = SessionType::token);
  /// One use: rotates. The same token again within 10 s gets the same pair (a lost answer); later it ends the whole family.
  Task<Result<SignIn>> refresh(Caller caller, std::string refresh_token);
  /// Ends the caller's session; its access token is refused from now on.
  Task<Result<void>> log_out(Caller caller);

  /// The caller's other sessions too.
  Task<Result<void>> log_out_everywhere(Caller caller);
  /// Open ones, newest first, at most 100.
  Task<Result<std::vector<Session>>> sessions(Caller caller);
  /// Errors: not_found, for another's too.
  Task<Result<void>> end_session(Caller caller, SessionId id);

  Task<Result<User>> me(Caller caller);
  Task<Result<User>> change_me(Caller caller, UserChange change);
  /// Who is called so, in upper or lower case; several may be.
  Task<Result<std::vector<UserId>>> named(Caller caller, std::string name);
  /// As others see it; nothing when there is no such person any more.
  Task<Result<std::optional<std::string>>> name_of(Caller caller, UserId id);
  /// Ends the other sessions. Errors: forbidden (an API key asks), unauthorised (invalid_credentials), conflict.
  Task<Result<void>> change_password(Caller caller, std::string current, std::string wanted);

  /// Before the first erase().
  void set_erasure(Erasure erasure) { erasure_ = std::move(erasure); }
  /// The caller's account ends at once: sessions and keys are gone, the address is free, what he had is hidden. Yields the job
  /// that takes it away. Errors: forbidden (an API key asks), unauthorised (invalid_credentials), conflict (the only admin).
  Task<Result<JobId>> erase(Caller caller, std::string password);

  /// Errors: forbidden (scopes that the caller has not), invalid (a time that has passed), quota (more than 100).
  Task<Result<NewApiKey>> make_api_key(Caller caller, ApiKeyWish wish);
  /// Newest first.
  Task<Result<std::vector<ApiKey>>> api_keys(Caller caller);
  /// Errors: not_found, for another's too.
  Task<Result<void>> remove_api_key(Caller caller, ApiKeyId id);
  /// Stands for the caller once, within 30 s, where a stream takes tickets.
  Task<Result<Ticket>> make_ticket(Caller caller);

  /// Fills who asks into `anonymous` from an access token or an API key. Errors: unauthorised (token_expired).
  Task<Result<Caller>> authenticate(Caller anonymous, std::string bearer);
  /// The same from the value of a session cookie; one that is not known here leaves the caller anonymous.
  Task<Result<Caller>> recognise(Caller anonymous, std::string cookie);
  /// What a page must send with each unsafe request that its cookie signs in and no header of the browser vouches for.
  std::string csrf_token(const std::string& cookie) const;
  /// The same from a ticket, which is used up. Errors: unauthorised.
  Task<Result<Caller>> redeem(Caller anonymous, std::string ticket);

  /// Whether the session or key behind a caller still holds: asked again while a stream of his runs.
  Task<Result<bool>> is_still_in(Caller caller);

  /// Once a minute until its fiber is stopped, and then once more: writes down who was here, removes what has expired.
  Task<void> keep_house(Log& log);
  Task<Result<void>> tidy_up();

 private:
  Task<Result<void>> count_log_in(std::string email);
  NewSession new_session(UserId user, Origin origin);
  Task<Result<SignIn>> join(Caller caller, NewUser user, Origin origin, Role role);
  Task<Result<SignIn>> open_session(Caller caller, User user, Origin origin, SessionType type);
  Task<Result<Caller>> authenticate_token(Caller anonymous, std::string token);
  Task<Result<Caller>> authenticate_key(Caller anonymous, std::string secret);
  std::string cookie_hash(const std::string& cookie) const;
  SignIn signed_in(User user, SessionId session, std::string refresh_token, Time issued_at) const;
  std::string next_refresh_token(const std::string& spent) const;

  Settings settings_;
  Database& database_;
  Clock& clock_;
  Random& random_;
  RateLimiter* limiter_ = nullptr;  ///< null: sign-ins are not counted
  RateRule log_in_rule_{};
  Erasure erasure_{};
  Presence sessions_seen_;
  Presence keys_seen_;
  Pool hashing_;  ///< Argon2id takes 19 MiB and a core for a moment: a bounded pool, so a login flood cannot take the machine
};

std::vector<Migration> migrations();
std::vector<jobs::WorkerKind> workers(std::vector<Belongings*> belongings, Clock& clock);

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
