#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/accounts/accounts.hpp"

/// The SQL of open sessions and of tickets for streams.
namespace kinora::accounts {

/// An open session and the account behind it, unless that is disabled.
struct KnownSession {
  SessionId session{};
  UserId user{};
  Role role = Role::user;
  Plan plan = Plan::free;
  std::optional<Time> plan_expires_at{};
};
Task<Result<std::optional<KnownSession>>> find_session(Transaction tx, SessionId session, UserId user);
Task<Result<std::optional<KnownSession>>> find_cookie_session(Transaction tx, std::string cookie_hash);

Task<Result<std::vector<Session>>> sessions_of(Transaction tx, UserId user);
Task<Result<void>> delete_session(Transaction tx, SessionId id);
/// False when it is not this user's.
Task<Result<bool>> delete_own_session(Transaction tx, SessionId id, UserId user);
Task<Result<void>> delete_sessions(Transaction tx, UserId user);
Task<Result<void>> delete_other_sessions(Transaction tx, UserId user, SessionId kept);
/// Cookies' sessions slide: they end `lifetime` after they were seen, within their absolute time.
Task<Result<void>> mark_sessions_seen(Transaction tx, Presence::Notes notes, std::chrono::seconds lifetime);
Task<Result<void>> delete_expired(Transaction tx);

struct NewTicket {
  std::string hash;
  UserId user{};
  std::optional<SessionId> session{};
  std::optional<ApiKeyId> api_key{};
  Time expires_at{};
};
Task<Result<void>> insert_ticket(Transaction tx, NewTicket ticket);
/// Whom a ticket stands for.
struct KnownTicket {
  std::optional<SessionId> session{};
  std::optional<ApiKeyId> api_key{};
  UserId user{};
  Role role = Role::user;
  Plan plan = Plan::free;
  std::optional<Time> plan_expires_at{};
};
/// Uses it up.
Task<Result<std::optional<KnownTicket>>> use_ticket(Transaction tx, std::string hash);

}  // namespace kinora::accounts
