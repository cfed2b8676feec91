#include "modules/accounts/jobs/erase.hpp"

namespace kinora::accounts {

namespace {

constexpr std::string_view step_001 =
#include "modules/accounts/migrations/001_accounts.sql.inc"
    ;
constexpr std::string_view step_002 =
#include "modules/accounts/migrations/002_api_keys.sql.inc"
    ;
constexpr std::string_view step_003 =
#include "modules/accounts/migrations/003_no_revoked_tokens.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() {
  return {{"accounts", 1, step_001}, {"accounts", 2, step_002}, {"accounts", 3, step_003}};
}

std::vector<jobs::WorkerKind> workers(std::vector<Belongings*> belongings, Clock& clock) {
  auto eraser = std::make_shared<EraseAccountWorker>(std::move(belongings), clock);
  return {jobs::worker<EraseAccount>(std::move(eraser), jobs::Lane::light, 1h)};
}

}  // namespace kinora::accounts
