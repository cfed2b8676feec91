#include "modules/accounts/key_store.hpp"

namespace kinora::accounts {

namespace {

constexpr std::int64_t keys_max = 100;

constexpr Sql count_keys{R"sql(SELECT COUNT(*) FROM api_keys WHERE user_id = $1)sql"};

constexpr Sql insert_key{R"sql(
  INSERT INTO api_keys (id, user_id, name, prefix, secret_hash, scopes, expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8))sql"};

constexpr Sql keys_of{R"sql(
  SELECT id, name, prefix, scopes, last_used_at, expires_at, created_at
  FROM api_keys WHERE user_id = $1 ORDER BY created_at DESC, id DESC)sql"};

constexpr Sql delete_key{R"sql(DELETE FROM api_keys WHERE id = $1 AND user_id = $2)sql"};

constexpr Sql delete_keys_of{R"sql(DELETE FROM api_keys WHERE user_id = $1)sql"};

constexpr Sql key_used{R"sql(UPDATE api_keys SET last_used_at = $2 WHERE id = $1)sql"};

constexpr Sql key_by_secret{R"sql(
  SELECT k.id, k.scopes, u.id, u.role, u.subscription_type, u.subscription_expires_at
  FROM api_keys k JOIN users u ON u.id = k.user_id
  WHERE k.secret_hash = $1 AND u.disabled_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > db_now()))sql"};

constexpr Sql key_by_id{R"sql(
  SELECT COUNT(*) FROM api_keys k JOIN users u ON u.id = k.user_id
  WHERE k.id = $1 AND u.id = $2 AND u.disabled_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > db_now()))sql"};

}  // namespace

Task<Result<void>> insert_api_key(Transaction tx, UserId user, ApiKey key, std::string secret_hash) {
  const auto count = co_await ok(tx.one<std::int64_t>(count_keys, user));
  if (count >= keys_max)
    co_return fail(ErrorKind::quota, "an account has at most " + std::to_string(keys_max) + " API keys; remove one first");
  co_await ok(tx.change(insert_key, key.id, user, std::move(key.name), std::move(key.prefix), std::move(secret_hash),
                        key.scopes, key.expires_at, key.created_at));
  co_return {};
}

Task<Result<std::vector<ApiKey>>> api_keys_of(Transaction tx, UserId user) { return tx.all<ApiKey>(keys_of, user); }

Task<Result<bool>> delete_api_key(Transaction tx, ApiKeyId id, UserId user) {
  co_return co_await ok(tx.change(delete_key, id, user)) > 0;
}

Task<Result<void>> delete_api_keys(Transaction tx, UserId user) {
  co_await ok(tx.change(delete_keys_of, user));
  co_return {};
}

Task<Result<void>> mark_keys_used(Transaction tx, Presence::Notes notes) {
  for (const auto& [id, used_at] : notes) co_await ok(tx.change(key_used, ApiKeyId{id}, used_at));
  co_return {};
}

Task<Result<std::optional<KnownKey>>> find_api_key(Transaction tx, std::string secret_hash) {
  return tx.find<KnownKey>(key_by_secret, std::move(secret_hash));
}

Task<Result<bool>> has_api_key(Transaction tx, ApiKeyId id, UserId user) {
  co_return co_await ok(tx.one<std::int64_t>(key_by_id, id, user)) > 0;
}

}  // namespace kinora::accounts
