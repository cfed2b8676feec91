#include "modules/accounts/accounts.hpp"

namespace kinora::accounts {

namespace {

constexpr std::string_view step_001 =
#include "modules/accounts/migrations/001_accounts.sql.inc"
    ;
constexpr std::string_view step_002 =
#include "modules/accounts/migrations/002_api_keys.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"accounts", 1, step_001}, {"accounts", 2, step_002}}; }

}  // namespace kinora::accounts
