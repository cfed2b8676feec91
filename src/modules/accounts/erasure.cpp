#include "modules/accounts/jobs/erase.hpp"
#include "modules/accounts/key_store.hpp"
#include "modules/accounts/passwords.hpp"
#include "modules/accounts/session_store.hpp"
#include "modules/accounts/store.hpp"

namespace kinora::accounts {

namespace {

// Before everything that waits: a person has been told that it happens.
constexpr int job_priority = 9;

/// Nobody is signed in by it or sees what belongs to it from the commit on; the job takes that away.
Task<Result<JobId>> end_account(Transaction tx, UserId user, std::string password_hash, Erasure erasure) {
  if (co_await ok(is_only_admin(tx, user)))
    co_return fail(
        ErrorKind::conflict,
        "you are the only admin, and this server would have nobody to run it; to end it for good, stop it and remove "
        "its data directory");
  co_await ok(empty_user(tx, user, std::move(password_hash)));
  co_await ok(delete_sessions(tx, user));
  co_await ok(delete_api_keys(tx, user));
  for (auto* each : erasure.belongings) co_await ok(each->hide(tx, user));
  jobs::NewJob job{.kind = std::string(EraseAccount::kind),
                   .subject = {"account", user.uuid},
                   .args = to_json(EraseAccount{user}),
                   .user = user,
                   .priority = job_priority,
                   .max_attempts = 10};
  co_return co_await erasure.queue->add(tx, std::move(job));
}

}  // namespace

Task<Result<JobId>> Accounts::erase(Caller caller, std::string password) {
  if (!caller.session) co_return fail(ErrorKind::forbidden, "an API key cannot end an account; sign in and do it yourself");
  const auto hash = co_await ok(database_.read(caller, get_password_hash, caller.user));
  const bool right = co_await ok(on(hashing_, is_password, hash, std::move(password)));
  if (!right) co_return fail(ErrorKind::unauthorised, "the password is another one", "invalid_credentials");
  co_return co_await database_.transact(caller, end_account, caller.user, hash, erasure_);
}

}  // namespace kinora::accounts
