#pragma once

#include "jobs/worker.hpp"
#include "modules/accounts/accounts.hpp"

namespace kinora::accounts {

/// Takes away what is left of an account that has ended. Its row, empty by now, goes last.
struct EraseAccount {
  static constexpr std::string_view kind = "accounts.erase";
  UserId user{};
};
class EraseAccountWorker {
 public:
  /// No request that began before the account's end writes later than this: most last a minute at most, and uploads ask again
  /// who sends them before they make a row.
  static constexpr std::chrono::minutes last_writes{2};

  EraseAccountWorker(std::vector<Belongings*> belongings, Clock& clock) : belongings_(std::move(belongings)), clock_(clock) {}
  Task<jobs::Outcome> work(jobs::Context context, EraseAccount args);

 private:
  std::vector<Belongings*> belongings_;
  Clock& clock_;
};

}  // namespace kinora::accounts
