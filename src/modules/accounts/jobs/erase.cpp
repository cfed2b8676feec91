#include "modules/accounts/jobs/erase.hpp"

#include "modules/accounts/store.hpp"

namespace kinora::accounts {

Task<jobs::Outcome> EraseAccountWorker::work(jobs::Context context, EraseAccount args) {
  for (auto* each : belongings_) {
    auto erased = co_await each->erase(context.caller(), args.user);
    if (!erased) co_return jobs::outcome_of(std::move(erased.error()));
  }
  const auto since = clock_.now() - context.job().created_at;
  if (since < last_writes) co_return jobs::Snooze{std::chrono::ceil<std::chrono::milliseconds>(last_writes - since)};
  co_return jobs::done(delete_ended_user, args.user);
}

}  // namespace kinora::accounts
