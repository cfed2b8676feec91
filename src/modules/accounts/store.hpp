#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/accounts/accounts.hpp"

/// All SQL of accounts. Every function is, or runs inside, a transaction body.
namespace kinora::accounts {

struct NewUserRow {
  UserId id{};
  std::string email;
  std::string name;
  std::string password_hash;
  Role role = Role::user;
  Plan plan = Plan::free;
};
/// A taken address yields conflict (email_taken).
Task<Result<User>> insert_user(Transaction tx, NewUserRow row);

struct Credentials {
  UserId id{};
  std::string password_hash;
};
/// Disabled accounts have none.
Task<Result<std::optional<Credentials>>> find_credentials(Transaction tx, std::string email);
Task<Result<User>> get_user(Transaction tx, UserId id);
/// At most 100, however many have the name.
Task<Result<std::vector<UserId>>> find_users_named(Transaction tx, std::string name);
Task<Result<std::optional<std::string>>> find_name(Transaction tx, UserId id);
Task<Result<User>> update_user(Transaction tx, UserId id, UserChange change);
Task<Result<std::string>> get_password_hash(Transaction tx, UserId id);
struct NewPassword {
  UserId user{};
  std::string old_hash{};
  std::string new_hash{};
};
/// Yields conflict when the password is no longer the one that was checked.
Task<Result<void>> replace_password(Transaction tx, NewPassword password);
Task<Result<bool>> is_only_admin(Transaction tx, UserId id);
/// Nothing personal is left in the row, and nobody signs in by it. Errors: conflict (the password is another one by now).
Task<Result<void>> empty_user(Transaction tx, UserId id, std::string password_hash);
Task<Result<void>> delete_ended_user(Transaction tx, UserId id);
Task<Result<std::optional<UserId>>> find_first_admin(Transaction tx);

struct NewSession {
  SessionId id{};
  UserId user{};
  Origin origin;
  SessionType type = SessionType::token;
  std::optional<std::string> cookie_hash{};
  Time expires_at{};
  Time absolute_expires_at{};
};
struct NewRefreshToken {
  Uuid id{};
  Uuid family{};
  SessionId session{};
  std::string token_hash;
  Time expires_at{};
};
Task<Result<void>> insert_session(Transaction tx, NewSession session, NewRefreshToken token);
Task<Result<void>> insert_refresh_token(Transaction tx, NewRefreshToken token);

struct RefreshRow {
  SessionId family{};  ///< an UUID of its own
  SessionId session{};
  UserId user{};
  std::optional<Time> spent_at{};
  Time expires_at{};
};
/// Those of a session that is over are not found, whatever their own time.
Task<Result<std::optional<RefreshRow>>> find_refresh_token(Transaction tx, std::string token_hash);
Task<Result<void>> spend_refresh_token(Transaction tx, std::string token_hash, Time now);

struct NewInvite {
  InviteId id{};
  std::string token_hash;
  std::string kind;
  std::optional<std::string> email{};  ///< the only one that it lets in
  Role role = Role::user;
  Time expires_at{};
};
inline constexpr auto setup_kind = "setup";
/// Of set-up links only the newest works: it replaces the unused ones before it.
Task<Result<void>> insert_invite(Transaction tx, NewInvite invite);
struct InviteRow {
  InviteId id{};
  std::string kind;
  std::optional<std::string> email{};
  Role role = Role::user;
  Time expires_at{};
  std::optional<Time> used_at{};
};
Task<Result<std::optional<InviteRow>>> find_invite(Transaction tx, std::string token_hash);
/// False when it was used before.
Task<Result<bool>> use_invite(Transaction tx, InviteId id);

}  // namespace kinora::accounts
