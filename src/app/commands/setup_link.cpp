#include "app/commands/setup_link.hpp"

#include <fmt/core.h>

#include "adapters/clock/system_clock.hpp"
#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"
#include "app/command_line.hpp"
#include "app/data_directory.hpp"
#include "app/run_to_end.hpp"
#include "modules/accounts/accounts.hpp"

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

Result<std::string> make_setup_link(const Config& config) {
  if (auto found = require_database(config); !found) return std::unexpected(std::move(found.error()));
  SystemClock clock;
  auto log = open_log(LogLevel::error, {}, clock);
  if (!log) return std::unexpected(std::move(log.error()));
  auto random = open_system_random();
  if (!random) return std::unexpected(std::move(random.error()));
  auto database = open_database(config.database_url, clock, **log);
  if (!database) return std::unexpected(std::move(database.error()));

  accounts::Accounts accounts({}, **database, clock, **random);
  auto token = run_to_end(accounts.open_setup());
  if (!token) return std::unexpected(std::move(token.error()));
  if (!*token) return fail(ErrorKind::conflict, "there is an admin already; sign in, or ask that admin for an invitation");
  return announced_url(config.data).value_or(config.base_url()) + "/setup?token=" + **token;
}

int print_setup_link(const Config& config) {
  const auto link = make_setup_link(config);
  if (!link) return report(link.error());
  fmt::print("Open this link within 24 hours to make the first admin's account:\n\n  {}\n\n", *link);
  return exit_success;
}

}  // namespace kinora::app
