#include "app/commands/setup_link.hpp"

#include <fmt/core.h>

#include "app/command_line.hpp"
#include "app/commands/local_accounts.hpp"
#include "app/data_directory.hpp"
#include "app/run_to_end.hpp"

namespace kinora::app {

Result<std::string> make_setup_link(const Config& config) {
  auto accounts = LocalAccounts::open(config);
  if (!accounts) return std::unexpected(std::move(accounts.error()));
  auto token = run_to_end((**accounts)->open_setup());
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
