#include "modules/accounts/accounts.hpp"

namespace kinora::accounts {

namespace {

constexpr std::string_view step_001 =
#include "modules/accounts/migrations/001_accounts.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"accounts", 1, step_001}}; }

}  // namespace kinora::accounts
