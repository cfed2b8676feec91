#include "modules/accounts/store.hpp"

namespace kinora::accounts {

namespace {

constexpr Sql insert_user_row{R"sql(
  INSERT INTO users (id, number, email, name, password_hash, role, subscription_type, ver, created_at, updated_at)
  VALUES ($1, (SELECT COALESCE(MAX(number), 0) + 1 FROM users), $2, $3, $4, $5, $6, 1, db_now(), db_now())
  ON CONFLICT (email) DO NOTHING)sql"};

constexpr Sql user_by_id{R"sql(
  SELECT id, number, email, name, avatar_url, role, subscription_type, subscription_expires_at, locale, email_verified_at,
         ver, created_at, updated_at
  FROM users WHERE id = $1)sql"};

constexpr Sql credentials_by_email{R"sql(SELECT id, password_hash FROM users WHERE email = $1 AND disabled_at IS NULL)sql"};

constexpr Sql update_user_row{R"sql(
  UPDATE users SET name = $2, avatar_url = $3, locale = $4, ver = ver + 1, updated_at = db_now() WHERE id = $1)sql"};

constexpr Sql users_named{R"sql(SELECT id FROM users WHERE LOWER(name) = LOWER($1) ORDER BY id LIMIT 100)sql"};

constexpr Sql name_by_id{R"sql(SELECT name FROM users WHERE id = $1)sql"};

constexpr Sql password_of{R"sql(SELECT password_hash FROM users WHERE id = $1)sql"};

constexpr Sql update_password{R"sql(
  UPDATE users SET password_hash = $3, ver = ver + 1, updated_at = db_now() WHERE id = $1 AND password_hash = $2)sql"};

constexpr Sql first_admin{R"sql(SELECT id FROM users WHERE role = 'admin' ORDER BY number LIMIT 1)sql"};

constexpr Sql count_other_admins{R"sql(
  SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL AND id <> $1)sql"};
constexpr Sql role_of{R"sql(SELECT role FROM users WHERE id = $1)sql"};

// The id stands for the address, which is free again.
constexpr Sql empty_user_row{R"sql(
  UPDATE users SET email = $3, name = '', password_hash = '', avatar_url = NULL, role = 'user', locale = NULL,
                   disabled_at = db_now(), ver = ver + 1, updated_at = db_now()
  WHERE id = $1 AND password_hash = $2)sql"};

constexpr Sql delete_empty_user{R"sql(DELETE FROM users WHERE id = $1 AND disabled_at IS NOT NULL)sql"};

constexpr Sql insert_session_row{R"sql(
  INSERT INTO sessions (id, user_id, kind, token_hash, ip, user_agent, last_seen_at, expires_at, absolute_expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, db_now(), $7, $8, db_now()))sql"};

constexpr Sql insert_token_row{R"sql(
  INSERT INTO refresh_tokens (id, family_id, session_id, token_hash, expires_at, created_at)
  VALUES ($1, $2, $3, $4, $5, db_now()))sql"};

constexpr Sql token_by_hash{R"sql(
  SELECT t.family_id, t.session_id, s.user_id, t.spent_at, t.expires_at
  FROM refresh_tokens t JOIN sessions s ON s.id = t.session_id
  WHERE t.token_hash = $1 AND s.absolute_expires_at > db_now())sql"};

constexpr Sql spend_token{R"sql(UPDATE refresh_tokens SET spent_at = $2 WHERE token_hash = $1 AND spent_at IS NULL)sql"};

constexpr Sql drop_unused_invites{R"sql(DELETE FROM invites WHERE kind = $1 AND used_at IS NULL)sql"};

constexpr Sql insert_invite_row{R"sql(
  INSERT INTO invites (id, token_hash, kind, email, role, expires_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, db_now()))sql"};

constexpr Sql invite_by_hash{R"sql(SELECT id, kind, email, role, expires_at, used_at FROM invites WHERE token_hash = $1)sql"};

constexpr Sql mark_invite_used{R"sql(UPDATE invites SET used_at = db_now() WHERE id = $1 AND used_at IS NULL)sql"};

}  // namespace

Task<Result<User>> insert_user(Transaction tx, NewUserRow row) {
  const auto added =
      co_await ok(tx.change(insert_user_row, row.id, row.email, row.name, row.password_hash, row.role, row.plan));
  if (added == 0) co_return fail(ErrorKind::conflict, "there is an account with this address already; sign in", "email_taken");
  co_return co_await get_user(tx, row.id);
}

Task<Result<std::optional<Credentials>>> find_credentials(Transaction tx, std::string email) {
  return tx.find<Credentials>(credentials_by_email, std::move(email));
}

Task<Result<User>> get_user(Transaction tx, UserId id) { return tx.one<User>(user_by_id, id); }

Task<Result<std::vector<UserId>>> find_users_named(Transaction tx, std::string name) {
  return tx.all<UserId>(users_named, std::move(name));
}

Task<Result<std::optional<std::string>>> find_name(Transaction tx, UserId id) { return tx.find<std::string>(name_by_id, id); }

Task<Result<User>> update_user(Transaction tx, UserId id, UserChange change) {
  const auto kept = [](std::optional<std::string> wanted, std::optional<std::string> now) {
    if (!wanted) return now;
    return wanted->empty() ? std::nullopt : wanted;
  };
  const auto user = co_await ok(get_user(tx, id));
  auto avatar_url = kept(std::move(change.avatar_url), user.avatar_url);
  auto locale = kept(std::move(change.locale), user.locale);
  auto name = std::move(change.name).value_or(user.name);
  co_await ok(tx.change(update_user_row, id, std::move(name), std::move(avatar_url), std::move(locale)));
  co_return co_await get_user(tx, id);
}

Task<Result<std::string>> get_password_hash(Transaction tx, UserId id) { return tx.one<std::string>(password_of, id); }

Task<Result<void>> replace_password(Transaction tx, NewPassword password) {
  const auto changed = co_await ok(tx.change(update_password, password.user, password.old_hash, password.new_hash));
  if (changed == 0) co_return fail(ErrorKind::conflict, "the password was changed meanwhile; sign in with the new one");
  co_return {};
}

Task<Result<bool>> is_only_admin(Transaction tx, UserId id) {
  const auto role = co_await ok(tx.one<Role>(role_of, id));
  const auto others = co_await ok(tx.one<std::int64_t>(count_other_admins, id));
  co_return others == 0 && role == Role::admin;
}

Task<Result<void>> empty_user(Transaction tx, UserId id, std::string password_hash) {
  const auto changed = co_await ok(tx.change(empty_user_row, id, std::move(password_hash), id.text()));
  if (changed == 0) co_return fail(ErrorKind::conflict, "the password was changed meanwhile; sign in with the new one");
  co_return {};
}

Task<Result<void>> delete_ended_user(Transaction tx, UserId id) {
  co_await ok(tx.change(delete_empty_user, id));
  co_return {};
}

Task<Result<std::optional<UserId>>> find_first_admin(Transaction tx) { return tx.find<UserId>(first_admin); }

Task<Result<void>> insert_session(Transaction tx, NewSession session, NewRefreshToken token) {
  co_await ok(tx.change(insert_session_row, session.id, session.user, session.type, session.cookie_hash, session.origin.address,
                        session.origin.user_agent, session.expires_at, session.absolute_expires_at));
  co_return co_await insert_refresh_token(tx, std::move(token));
}

Task<Result<void>> insert_refresh_token(Transaction tx, NewRefreshToken token) {
  co_await ok(tx.change(insert_token_row, SessionId{token.id}, SessionId{token.family}, token.session, token.token_hash,
                        token.expires_at));
  co_return {};
}

Task<Result<std::optional<RefreshRow>>> find_refresh_token(Transaction tx, std::string token_hash) {
  return tx.find<RefreshRow>(token_by_hash, std::move(token_hash));
}

Task<Result<void>> spend_refresh_token(Transaction tx, std::string token_hash, Time now) {
  co_await ok(tx.change(spend_token, std::move(token_hash), now));
  co_return {};
}

Task<Result<void>> insert_invite(Transaction tx, NewInvite invite) {
  if (invite.kind == setup_kind) co_await ok(tx.change(drop_unused_invites, invite.kind));
  co_await ok(
      tx.change(insert_invite_row, invite.id, invite.token_hash, invite.kind, invite.email, invite.role, invite.expires_at));
  co_return {};
}

Task<Result<std::optional<InviteRow>>> find_invite(Transaction tx, std::string token_hash) {
  return tx.find<InviteRow>(invite_by_hash, std::move(token_hash));
}

Task<Result<bool>> use_invite(Transaction tx, InviteId id) { co_return co_await ok(tx.change(mark_invite_used, id)) > 0; }

}  // namespace kinora::accounts
