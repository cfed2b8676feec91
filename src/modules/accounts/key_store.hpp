#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/accounts/accounts.hpp"

/// The SQL of API keys.
namespace kinora::accounts {

/// Yields quota when the user has 100 already.
Task<Result<void>> insert_api_key(Transaction tx, UserId user, ApiKey key, std::string secret_hash);
Task<Result<std::vector<ApiKey>>> api_keys_of(Transaction tx, UserId user);
/// False when it is not this user's.
Task<Result<bool>> delete_api_key(Transaction tx, ApiKeyId id, UserId user);
Task<Result<void>> delete_api_keys(Transaction tx, UserId user);
Task<Result<void>> mark_keys_used(Transaction tx, Presence::Notes notes);

/// A key that still holds and the account behind it, unless that is disabled.
struct KnownKey {
  ApiKeyId key{};
  Scopes scopes{};
  UserId user{};
  Role role = Role::user;
  Plan plan = Plan::free;
  std::optional<Time> plan_expires_at{};
};
Task<Result<std::optional<KnownKey>>> find_api_key(Transaction tx, std::string secret_hash);
Task<Result<bool>> has_api_key(Transaction tx, ApiKeyId id, UserId user);

}  // namespace kinora::accounts

template <>
struct kinora::Column<kinora::Scopes> {
  static DatabaseValue write(Scopes value) { return accounts::words_of(value); }
  static Result<Scopes> read(const RowReader& row, int at) { return accounts::scopes_of(row.text(at)); }
};
