#include "modules/accounts/session_store.hpp"

#include "base/deadline.hpp"
#include "modules/accounts/key_store.hpp"
#include "modules/accounts/person.hpp"
#include "modules/accounts/tokens.hpp"

namespace kinora::accounts {

namespace {

constexpr auto ticket_lifetime = 30s;
constexpr auto house_pause = 60s;
constexpr std::size_t notes_at_once = 500;

std::unexpected<Error> nobody() { return fail(ErrorKind::unauthorised, "this session has ended; sign in again"); }

Presence::Notes first_of(Presence::Notes& notes) {
  Presence::Notes part;
  while (part.size() < notes_at_once && !notes.empty()) part.insert(notes.extract(notes.begin()));
  return part;
}

}  // namespace

Task<Result<void>> Accounts::log_out(Caller caller) {
  if (caller.session) co_await ok(database_.transact(caller, delete_session, *caller.session));
  co_return {};
}

Task<Result<void>> Accounts::log_out_everywhere(Caller caller) {
  return database_.transact(caller, delete_sessions, caller.user);
}

Task<Result<std::vector<Session>>> Accounts::sessions(Caller caller) {
  return database_.read(caller, sessions_of, caller.user);
}

Task<Result<void>> Accounts::end_session(Caller caller, SessionId id) {
  const bool ended = co_await ok(database_.transact(caller, delete_own_session, id, caller.user));
  if (!ended) co_return fail(ErrorKind::not_found, "there is no session " + id.text());
  co_return {};
}

Task<Result<Caller>> Accounts::authenticate(Caller anonymous, std::string bearer) {
  if (bearer.starts_with(api_key_mark)) return authenticate_key(std::move(anonymous), std::move(bearer));
  return authenticate_token(std::move(anonymous), std::move(bearer));
}

Task<Result<Caller>> Accounts::authenticate_token(Caller anonymous, std::string token) {
  const auto now = clock_.now();
  const auto claims = co_await ok(verify(token, settings_.jwt_secret, now));
  const auto user = UserId::parse(claims.userId);
  const auto session = SessionId::parse(claims.sid);
  if (!user || !session) co_return fail(ErrorKind::unauthorised, "this access token is not valid; sign in again");
  const auto known = co_await ok(database_.read(anonymous, find_session, *session, *user));
  if (!known) co_return nobody();
  sessions_seen_.note(known->session.uuid, now);
  auto caller = person(std::move(anonymous), *known, now);
  caller.session = known->session;
  co_return caller;
}

Task<Result<Caller>> Accounts::recognise(Caller anonymous, std::string cookie) {
  const auto now = clock_.now();
  const auto known = co_await ok(database_.read(anonymous, find_cookie_session, cookie_hash(cookie)));
  if (!known) co_return anonymous;
  sessions_seen_.note(known->session.uuid, now);
  auto caller = person(std::move(anonymous), *known, now);
  caller.session = known->session;
  co_return caller;
}

// Neither can be told from the other or from the cookie; both follow from it, so no row holds what signs anyone in.
std::string Accounts::cookie_hash(const std::string& cookie) const {
  return hex_of(bytes_of(hmac_sha256(settings_.session_secret, "cookie:" + cookie)));
}
std::string Accounts::csrf_token(const std::string& cookie) const {
  return base64url_of(bytes_of(hmac_sha256(settings_.session_secret, "csrf:" + cookie)));
}

Task<Result<Ticket>> Accounts::make_ticket(Caller caller) {
  Ticket ticket{random_.token(), clock_.now() + ticket_lifetime};
  const NewTicket row{secret_hash(ticket.text), caller.user, caller.session, caller.api_key, ticket.expires_at};
  co_await ok(database_.transact(caller, insert_ticket, row));
  co_return ticket;
}

Task<Result<Caller>> Accounts::redeem(Caller anonymous, std::string ticket) {
  const auto known = co_await ok(database_.transact(anonymous, use_ticket, secret_hash(ticket)));
  if (!known) co_return fail(ErrorKind::unauthorised, "this ticket was used or is too old; get a new one");
  auto caller = person(std::move(anonymous), *known, clock_.now());
  caller.session = known->session;
  caller.api_key = known->api_key;
  caller.scopes = Scopes::only(Scope::read);
  co_return caller;
}

Task<Result<bool>> Accounts::is_still_in(Caller caller) {
  if (caller.session) {
    const auto known = co_await ok(database_.read(caller, find_session, *caller.session, caller.user));
    co_return known.has_value();
  }
  if (caller.api_key) co_return co_await database_.read(caller, has_api_key, *caller.api_key, caller.user);
  co_return true;
}

Task<void> Accounts::keep_house(Log& log) {
  Fiber& fiber = co_await this_fiber;
  while (!fiber.stopped) {
    static_cast<void>(co_await pause_for(house_pause));
    const Shield to_the_end(fiber);
    const auto tidied = co_await within(10s, tidy_up());
    if (!tidied) log.error("sessions not tidied up", {{"error", std::string_view(tidied.error().message)}});
  }
}

Task<Result<void>> Accounts::tidy_up() {
  const auto caller = Caller::system("sessions");
  auto sessions = sessions_seen_.take();
  while (!sessions.empty()) {
    auto part = first_of(sessions);
    co_await ok(database_.transact(caller, mark_sessions_seen, std::move(part), settings_.session_lifetime));
  }
  auto keys = keys_seen_.take();
  while (!keys.empty()) {
    auto part = first_of(keys);
    co_await ok(database_.transact(caller, mark_keys_used, std::move(part)));
  }
  co_return co_await database_.transact(caller, delete_expired);
}

}  // namespace kinora::accounts
