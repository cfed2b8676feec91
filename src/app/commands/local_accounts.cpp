#include "app/commands/local_accounts.hpp"

#include <fmt/core.h>

#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"

namespace kinora::app {

namespace {

/// Opening a database makes its file, so one that is absent must be noticed before.
Result<void> require_database(const Config& config) {
  const auto file = config.database_url.substr(std::string_view("sqlite:").size());
  std::error_code problem;
  if (std::filesystem::exists(file, problem)) return {};
  return fail(ErrorKind::not_found, fmt::format("there is no database at {} yet. Start the server once: kinora serve", file));
}

}  // namespace

Result<std::unique_ptr<LocalAccounts>> LocalAccounts::open(const Config& config) {
  if (auto found = require_database(config); !found) return std::unexpected(std::move(found.error()));
  std::unique_ptr<LocalAccounts> local(new LocalAccounts);
  auto log = open_log(LogLevel::error, {}, local->clock_);
  if (!log) return std::unexpected(std::move(log.error()));
  local->log_ = *std::move(log);
  auto random = open_system_random();
  if (!random) return std::unexpected(std::move(random.error()));
  local->random_ = *std::move(random);
  auto database = open_database(config.database_url, local->clock_, *local->log_);
  if (!database) return std::unexpected(std::move(database.error()));
  local->database_ = *std::move(database);
  local->accounts_.emplace(accounts::Settings{}, *local->database_, local->clock_, *local->random_);
  return local;
}

}  // namespace kinora::app
