#include "app/commands/setup_link.hpp"

#include <fmt/core.h>

#include "app/command_line.hpp"
#include "app/commands/local_accounts.hpp"
#include "app/data_directory.hpp"
#include "app/run_to_end.hpp"

namespace kinora::app {

namespace {

std::string page_of(const Config& config) { return announced_url(config.data).value_or(config.base_url()) + "/setup"; }

}  // namespace

Result<std::string> make_setup_link(const Config& config) {
  auto accounts = LocalAccounts::open(config);
  if (!accounts) return std::unexpected(std::move(accounts.error()));
  auto token = run_to_end((**accounts)->open_setup());
  if (!token) return std::unexpected(std::move(token.error()));
  if (!*token) return fail(ErrorKind::conflict, "there is an admin already; sign in, or invite somebody: kinora user invite");
  return page_of(config) + "?token=" + **token;
}

Result<std::string> make_invitation(const Config& config) {
  auto accounts = LocalAccounts::open(config);
  if (!accounts) return std::unexpected(std::move(accounts.error()));
  auto admin = run_to_end((**accounts)->first_admin());
  if (!admin) return std::unexpected(std::move(admin.error()));
  if (!*admin) return fail(ErrorKind::conflict, "there is no admin yet; make that account first: kinora user setup-link");
  const auto made = run_to_end((**accounts)->invite(**admin, std::nullopt, Role::user));
  if (!made) return std::unexpected(made.error());
  return page_of(config) + "?invite=" + made->token;
}

int print_setup_link(const Config& config) {
  const auto link = make_setup_link(config);
  if (!link) return report(link.error());
  fmt::print("Open this link within 24 hours to make the first admin's account:\n\n  {}\n\n", *link);
  return exit_success;
}

int print_invitation(const Config& config) {
  const auto link = make_invitation(config);
  if (!link) return report(link.error());
  fmt::print("Whoever opens this link within a week can make one account:\n\n  {}\n\n", *link);
  return exit_success;
}

}  // namespace kinora::app
