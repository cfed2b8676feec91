#include "modules/accounts/session_store.hpp"

namespace kinora::accounts {

namespace {

constexpr Sql session_by_id{R"sql(
  SELECT s.id, u.id, u.role, u.subscription_type, u.subscription_expires_at
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = $1 AND u.id = $2 AND u.disabled_at IS NULL AND s.expires_at > db_now())sql"};

constexpr Sql session_by_cookie{R"sql(
  SELECT s.id, u.id, u.role, u.subscription_type, u.subscription_expires_at
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.token_hash = $1 AND u.disabled_at IS NULL AND s.expires_at > db_now())sql"};

constexpr Sql open_sessions{R"sql(
  SELECT id, kind, user_agent, ip, last_seen_at, expires_at, created_at
  FROM sessions WHERE user_id = $1 AND expires_at > db_now() ORDER BY created_at DESC, id DESC LIMIT 100)sql"};

constexpr Sql delete_session_row{R"sql(DELETE FROM sessions WHERE id = $1)sql"};

constexpr Sql delete_session_of{R"sql(DELETE FROM sessions WHERE id = $1 AND user_id = $2)sql"};

constexpr Sql delete_sessions_of{R"sql(DELETE FROM sessions WHERE user_id = $1)sql"};

constexpr Sql delete_all_but_one{R"sql(DELETE FROM sessions WHERE user_id = $1 AND id <> $2)sql"};

constexpr Sql session_seen{R"sql(
  UPDATE sessions
  SET last_seen_at = $2,
      expires_at = CASE WHEN kind = 'cookie' THEN CASE WHEN $3 < absolute_expires_at THEN $3 ELSE absolute_expires_at END
                        ELSE expires_at END
  WHERE id = $1 AND last_seen_at < $2)sql"};

constexpr Sql delete_expired_sessions{R"sql(DELETE FROM sessions WHERE expires_at <= db_now())sql"};

constexpr Sql delete_expired_tickets{R"sql(DELETE FROM realtime_tickets WHERE expires_at <= db_now())sql"};

constexpr Sql insert_ticket_row{R"sql(
  INSERT INTO realtime_tickets (hash, user_id, session_id, api_key_id, expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, db_now()))sql"};

constexpr Sql ticket_by_hash{R"sql(
  SELECT t.session_id, t.api_key_id, u.id, u.role, u.subscription_type, u.subscription_expires_at
  FROM realtime_tickets t JOIN users u ON u.id = t.user_id
  WHERE t.hash = $1 AND t.expires_at > db_now() AND u.disabled_at IS NULL)sql"};

constexpr Sql delete_ticket{R"sql(DELETE FROM realtime_tickets WHERE hash = $1)sql"};

}  // namespace

Task<Result<std::optional<KnownSession>>> find_session(Transaction tx, SessionId session, UserId user) {
  return tx.find<KnownSession>(session_by_id, session, user);
}

Task<Result<std::optional<KnownSession>>> find_cookie_session(Transaction tx, std::string cookie_hash) {
  return tx.find<KnownSession>(session_by_cookie, std::move(cookie_hash));
}

Task<Result<std::vector<Session>>> sessions_of(Transaction tx, UserId user) { return tx.all<Session>(open_sessions, user); }

Task<Result<void>> delete_session(Transaction tx, SessionId id) {
  co_await ok(tx.change(delete_session_row, id));
  co_return {};
}

Task<Result<bool>> delete_own_session(Transaction tx, SessionId id, UserId user) {
  co_return co_await ok(tx.change(delete_session_of, id, user)) > 0;
}

Task<Result<void>> delete_sessions(Transaction tx, UserId user) {
  co_await ok(tx.change(delete_sessions_of, user));
  co_return {};
}

Task<Result<void>> delete_other_sessions(Transaction tx, UserId user, SessionId kept) {
  co_await ok(tx.change(delete_all_but_one, user, kept));
  co_return {};
}

Task<Result<void>> mark_sessions_seen(Transaction tx, Presence::Notes notes, std::chrono::seconds lifetime) {
  for (const auto& [id, seen_at] : notes) co_await ok(tx.change(session_seen, SessionId{id}, seen_at, seen_at + lifetime));
  co_return {};
}

Task<Result<void>> delete_expired(Transaction tx) {
  co_await ok(tx.change(delete_expired_tickets));
  co_await ok(tx.change(delete_expired_sessions));
  co_return {};
}

Task<Result<void>> insert_ticket(Transaction tx, NewTicket ticket) {
  co_await ok(tx.change(insert_ticket_row, ticket.hash, ticket.user, ticket.session, ticket.api_key, ticket.expires_at));
  co_return {};
}

Task<Result<std::optional<KnownTicket>>> use_ticket(Transaction tx, std::string hash) {
  auto known = co_await ok(tx.find<KnownTicket>(ticket_by_hash, hash));
  co_await ok(tx.change(delete_ticket, std::move(hash)));
  co_return known;
}

}  // namespace kinora::accounts
