#pragma once

#include <memory>
#include <optional>

#include "adapters/clock/system_clock.hpp"
#include "app/config.hpp"
#include "base/log.hpp"
#include "modules/accounts/accounts.hpp"

namespace kinora::app {

/// The accounts of a data directory, also while its server runs: for commands of whoever may read that folder.
class LocalAccounts {
 public:
  /// Errors: not_found (no server ever ran there), unavailable.
  static Result<std::unique_ptr<LocalAccounts>> open(const Config& config);
  LocalAccounts(const LocalAccounts&) = delete;

  accounts::Accounts* operator->() { return &*accounts_; }

 private:
  LocalAccounts() = default;

  SystemClock clock_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<Database> database_;
  std::optional<accounts::Accounts> accounts_;
};

}  // namespace kinora::app
