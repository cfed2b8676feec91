#include "modules/accounts/accounts.hpp"

#include <algorithm>
#include <thread>

#include "modules/accounts/passwords.hpp"
#include "modules/accounts/session_store.hpp"
#include "modules/accounts/store.hpp"
#include "modules/accounts/tokens.hpp"

namespace kinora::accounts {

namespace {

constexpr auto setup_lifetime = 24h;
constexpr auto invitation_lifetime = 7 * 24h;
constexpr auto session_time_max = 30 * 24h;
constexpr auto same_pair_window = 10s;

std::string folded(std::string email) {
  std::ranges::transform(email, email.begin(), [](unsigned char letter) { return static_cast<char>(std::tolower(letter)); });
  return email;
}

/// An account, its first session and, where one was asked for, the used invitation: all or nothing.
Task<Result<User>> create_account(Transaction tx, NewUserRow row, NewSession session, NewRefreshToken token,
                                  std::optional<InviteId> invite) {
  if (invite && !co_await ok(use_invite(tx, *invite)))
    co_return fail(ErrorKind::expired, "this link was used already; sign in instead");
  auto user = co_await ok(insert_user(tx, std::move(row)));
  co_await ok(insert_session(tx, std::move(session), std::move(token)));
  co_return user;
}

/// What became of a refresh token that was shown.
struct Rotation {
  enum class Kind : std::uint8_t { refused, rotated, repeated, reused };
  Kind kind = Kind::refused;
  SessionId session{};
  UserId user{};
  Time issued_at{};
};

Task<Result<Rotation>> rotate(Transaction tx, std::string shown_hash, NewRefreshToken next, Time now) {
  const auto row = co_await ok(find_refresh_token(tx, shown_hash));
  if (!row || row->expires_at <= now) co_return Rotation{};
  if (row->spent_at && now - *row->spent_at <= same_pair_window)
    co_return Rotation{Rotation::Kind::repeated, row->session, row->user, *row->spent_at};
  if (row->spent_at) {
    // Someone else holds a copy: the session and its whole family of tokens end.
    co_await ok(delete_session(tx, row->session));
    co_return Rotation{Rotation::Kind::reused, row->session, row->user, now};
  }
  co_await ok(spend_refresh_token(tx, std::move(shown_hash), now));
  next.family = row->family.uuid;
  next.session = row->session;
  co_await ok(insert_refresh_token(tx, std::move(next)));
  co_return Rotation{Rotation::Kind::rotated, row->session, row->user, now};
}

/// Whoever knew the old password is out.
Task<Result<void>> use_new_password(Transaction tx, NewPassword password, SessionId kept) {
  const auto user = password.user;
  co_await ok(replace_password(tx, std::move(password)));
  co_return co_await delete_other_sessions(tx, user, kept);
}

/// On a pool. Without an account it takes as long as with one.
bool is_right(std::optional<std::string> hash, std::string password) {
  const bool matches = is_password(hash ? *hash : nobodys_hash(), std::move(password));
  return hash && matches;
}

std::unexpected<Error> wrong_credentials() {
  return fail(ErrorKind::unauthorised, "the address or the password is wrong", "invalid_credentials");
}

}  // namespace

Accounts::Accounts(Settings settings, Database& database, Clock& clock, Random& random)
    : settings_(std::move(settings)),
      database_(database),
      clock_(clock),
      random_(random),
      hashing_("password", std::max(1U, std::thread::hardware_concurrency()), 32) {}

Accounts::~Accounts() { hashing_.join(); }

Task<Result<std::optional<std::string>>> Accounts::open_setup() {
  const auto caller = Caller::system("setup");
  if (co_await ok(database_.read(caller, find_first_admin))) co_return std::optional<std::string>();
  auto token = random_.token();
  const NewInvite invite{random_.id<InviteId>(clock_), secret_hash(token), setup_kind, {}, Role::admin,
                         clock_.now() + setup_lifetime};
  co_await ok(database_.transact(caller, insert_invite, invite));
  co_return std::optional(std::move(token));
}

Task<Result<Invitation>> Accounts::invite(Caller caller, std::optional<std::string> email, Role role) {
  if (!caller.is_admin()) co_return fail(ErrorKind::forbidden, "only an admin may invite");
  if (email) email = folded(*std::move(email));
  auto token = random_.token();
  const auto now = clock_.now();
  const NewInvite invite{random_.id<InviteId>(clock_), secret_hash(token), "invite", email, role, now + invitation_lifetime};
  co_await ok(database_.transact(std::move(caller), insert_invite, invite));
  co_return Invitation{invite.id, std::move(email), role, invite.expires_at, now, std::move(token)};
}

Task<Result<std::optional<Caller>>> Accounts::first_admin() {
  auto caller = Caller::system("first admin");
  const auto admin = co_await ok(database_.read(caller, find_first_admin));
  if (!admin) co_return std::optional<Caller>();
  caller.kind = Caller::Kind::person;
  caller.user = *admin;
  caller.role = Role::admin;
  co_return std::optional(std::move(caller));
}

Task<Result<SignIn>> Accounts::set_up(Caller caller, NewUser user, Origin origin) {
  const auto invite = co_await ok(database_.read(caller, find_invite, secret_hash(user.invite)));
  if (!invite || invite->kind != setup_kind) co_return fail(ErrorKind::not_found, "this set-up link is not known here");
  co_return co_await join(std::move(caller), std::move(user), std::move(origin), Role::admin);
}

Task<Result<SignIn>> Accounts::sign_up(Caller caller, NewUser user, Origin origin) {
  if (settings_.registration == Registration::closed || (settings_.registration == Registration::invite && user.invite.empty()))
    co_return fail(ErrorKind::forbidden, "sign-up is closed here; ask the operator for an invitation", "registration_closed");
  co_return co_await join(std::move(caller), std::move(user), std::move(origin), Role::user);
}

Task<Result<SignIn>> Accounts::join(Caller caller, NewUser user, Origin origin, Role role) {
  std::optional<InviteId> invite_id;
  if (!user.invite.empty()) {
    const auto invite = co_await ok(database_.read(caller, find_invite, secret_hash(user.invite)));
    if (!invite) co_return fail(ErrorKind::not_found, "this invitation is not known here");
    if (invite->used_at || invite->expires_at <= clock_.now())
      co_return fail(ErrorKind::expired, "this link was used or is too old; ask for a new one");
    if (invite->email && *invite->email != folded(user.email))
      co_return fail(ErrorKind::invalid, "this invitation is for another address; sign up with the one it was sent to");
    invite_id = invite->id;
    role = invite->role;
  }
  auto hash = co_await ok(on(hashing_, hash_password, std::move(user.password)));
  const auto now = clock_.now();
  const NewUserRow row{
      random_.id<UserId>(clock_), folded(std::move(user.email)), std::move(user.name), std::move(hash), role, Plan::free};
  const auto session = new_session(row.id, std::move(origin));
  const auto refresh_token = random_.token();
  const NewRefreshToken token{random_.id<SessionId>(clock_).uuid, random_.id<SessionId>(clock_).uuid, session.id,
                              secret_hash(refresh_token), now + settings_.refresh_lifetime};
  auto created = co_await ok(database_.transact(caller, create_account, row, session, token, invite_id));
  co_return signed_in(std::move(created), session.id, refresh_token, now);
}

void Accounts::limit_log_ins(RateLimiter& limiter, RateRule rule) {
  limiter_ = &limiter;
  log_in_rule_ = rule;
}

Task<Result<void>> Accounts::count_log_in(std::string email) {
  if (limiter_ == nullptr) co_return {};
  const auto counted = co_await ok(limiter_->take("log in: " + secret_hash(email), log_in_rule_));
  if (counted.allowed) co_return {};
  const auto wait = std::chrono::ceil<std::chrono::seconds>(counted.retry_after);
  Error error{ErrorKind::rate_limited,
              "too many sign-ins with this address; try again in " + std::to_string(wait.count()) + " s"};
  error.retry_after = wait;
  co_return std::unexpected(std::move(error));
}

Task<Result<SignIn>> Accounts::log_in(Caller caller, std::string email, std::string password, Origin origin, SessionType type) {
  email = folded(std::move(email));
  co_await ok(count_log_in(email));
  const auto known = co_await ok(database_.read(caller, find_credentials, email));
  const auto hash = known ? std::optional(known->password_hash) : std::nullopt;
  const bool right = co_await ok(on(hashing_, is_right, hash, std::move(password)));
  if (!right) co_return wrong_credentials();
  auto user = co_await ok(database_.read(caller, get_user, known->id));
  co_return co_await open_session(std::move(caller), std::move(user), std::move(origin), type);
}

Task<Result<SignIn>> Accounts::open_session(Caller caller, User user, Origin origin, SessionType type) {
  const auto now = clock_.now();
  auto session = new_session(user.id, std::move(origin));
  std::optional<CookieSecrets> cookie;
  if (type == SessionType::cookie) {
    auto value = random_.token();
    session.type = type;
    session.cookie_hash = cookie_hash(value);
    session.expires_at = std::min(session.absolute_expires_at, now + settings_.session_lifetime);
    auto token = csrf_token(value);
    cookie = CookieSecrets{std::move(value), std::move(token)};
  }
  const auto refresh_token = random_.token();
  const NewRefreshToken token{random_.id<SessionId>(clock_).uuid, random_.id<SessionId>(clock_).uuid, session.id,
                              secret_hash(refresh_token), now + settings_.refresh_lifetime};
  co_await ok(database_.transact(caller, insert_session, session, token));
  auto sign_in = signed_in(std::move(user), session.id, refresh_token, now);
  sign_in.cookie = std::move(cookie);
  co_return sign_in;
}

Task<Result<SignIn>> Accounts::refresh(Caller caller, std::string refresh_token) {
  const auto now = clock_.now();
  const auto next_token = next_refresh_token(refresh_token);
  const NewRefreshToken next{
      random_.id<SessionId>(clock_).uuid, {}, {}, secret_hash(next_token), now + settings_.refresh_lifetime};
  const auto rotation = co_await ok(database_.transact(caller, rotate, secret_hash(refresh_token), next, now));
  if (rotation.kind != Rotation::Kind::rotated && rotation.kind != Rotation::Kind::repeated)
    co_return fail(ErrorKind::unauthorised, "this refresh token is not valid; sign in again");
  auto user = co_await ok(database_.read(caller, get_user, rotation.user));
  co_return signed_in(std::move(user), rotation.session, next_token, rotation.issued_at);
}

NewSession Accounts::new_session(UserId user, Origin origin) {
  const auto end = clock_.now() + session_time_max;
  return {.id = random_.id<SessionId>(clock_),
          .user = user,
          .origin = std::move(origin),
          .expires_at = end,
          .absolute_expires_at = end};
}

Task<Result<User>> Accounts::me(Caller caller) { return database_.read(caller, get_user, caller.user); }

Task<Result<User>> Accounts::change_me(Caller caller, UserChange change) {
  return database_.transact(caller, update_user, caller.user, std::move(change));
}

Task<Result<std::vector<UserId>>> Accounts::named(Caller caller, std::string name) {
  return database_.scan(caller, find_users_named, std::move(name));
}

Task<Result<std::optional<std::string>>> Accounts::name_of(Caller caller, UserId id) {
  return database_.read(caller, find_name, id);
}

Task<Result<void>> Accounts::change_password(Caller caller, std::string current, std::string wanted) {
  if (!caller.session)
    co_return fail(ErrorKind::forbidden, "an API key cannot change the password; sign in and do it yourself");
  NewPassword password{.user = caller.user};
  password.old_hash = co_await ok(database_.read(caller, get_password_hash, caller.user));
  const bool right = co_await ok(on(hashing_, is_password, password.old_hash, std::move(current)));
  if (!right) co_return fail(ErrorKind::unauthorised, "the current password is another one", "invalid_credentials");
  password.new_hash = co_await ok(on(hashing_, hash_password, std::move(wanted)));
  co_return co_await database_.transact(caller, use_new_password, std::move(password), *caller.session);
}

SignIn Accounts::signed_in(User user, SessionId session, std::string refresh_token, Time issued_at) const {
  const auto issued = std::chrono::floor<std::chrono::seconds>(issued_at).time_since_epoch();
  const AccessClaims claims{.userId = user.id.canonical(),
                            .email = user.email,
                            .subscriptionType = std::string(kinora::name_of(user.plan)),
                            .iat = issued.count(),
                            .exp = (issued + settings_.access_lifetime).count(),
                            .jti = secret_hash("jti:" + refresh_token).substr(0, 32),
                            .sid = session.canonical()};
  auto access_token = sign(claims, settings_.jwt_secret);
  return {std::move(user), std::move(access_token), std::move(refresh_token), settings_.access_lifetime};
}

// Derived from the spent token, so that whoever repeats a refresh whose answer was lost can be given the same pair again.
std::string Accounts::next_refresh_token(const std::string& spent) const {
  return base64url_of(bytes_of(hmac_sha256(settings_.refresh_secret, spent)));
}

}  // namespace kinora::accounts
