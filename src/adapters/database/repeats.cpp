#include "adapters/database/repeats.hpp"

namespace kinora {

namespace {

constexpr std::chrono::microseconds kept_for = std::chrono::hours(24);

// The row of a request whose time is over and that was not swept yet is as good as none.
constexpr Sql insert_made{R"sql(
  INSERT INTO idempotency_keys (user_id, key, request_hash, status, resource_type, resource_id, expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, db_now() + $7, db_now())
  ON CONFLICT (user_id, key) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status,
    resource_type = excluded.resource_type, resource_id = excluded.resource_id, expires_at = excluded.expires_at,
    created_at = excluded.created_at
  WHERE idempotency_keys.expires_at <= db_now())sql"};
constexpr Sql made_by_key{R"sql(
  SELECT request_hash, status, resource_type, resource_id FROM idempotency_keys
  WHERE user_id = $1 AND key = $2 AND expires_at > db_now())sql"};
constexpr Sql expired{R"sql(
  DELETE FROM idempotency_keys
  WHERE (user_id, key) IN (SELECT user_id, key FROM idempotency_keys WHERE expires_at <= db_now() ORDER BY expires_at LIMIT $1))sql"};

}  // namespace

Task<Result<void>> keep_made(Transaction tx, Caller caller, std::string kind, Uuid id) {
  if (!caller.repeatable || caller.repeatable->makes != kind) co_return {};
  const auto& request = *caller.repeatable;
  const auto kept = co_await ok(tx.change(insert_made, caller.user, request.key, request.request_hash, request.status,
                                          std::move(kind), id, kept_for.count()));
  if (kept > 0) co_return {};
  // Another server was faster: its answer can be had by asking again.
  Error error{ErrorKind::conflict, "a request with this Idempotency-Key is being answered; send it again in a moment"};
  error.retry_after = std::chrono::seconds(1);
  co_return std::unexpected(std::move(error));
}

Task<Result<std::optional<Made>>> find_made(Transaction tx, UserId user, std::string key) {
  return tx.find<Made>(made_by_key, user, std::move(key));
}

Task<Result<std::int64_t>> remove_expired_made(Transaction tx, std::int64_t limit) { return tx.change(expired, limit); }

}  // namespace kinora
