#include "adapters/database/migrations.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "adapters/database/dialect.hpp"
#include "base/failpoints.hpp"
#include "base/sha256.hpp"

namespace kinora {

namespace {

constexpr std::string_view schema_migrations_sql =
#include "adapters/database/migrations/001_schema_migrations.sql.inc"
    ;
constexpr std::string_view idempotency_keys_sql =
#include "adapters/database/migrations/002_idempotency_keys.sql.inc"
    ;
constexpr Migration own_steps[] = {
    {"database", 1, schema_migrations_sql},
    {"database", 2, idempotency_keys_sql},
};

constexpr Sql all_recorded{R"sql(SELECT owner, version, checksum FROM schema_migrations ORDER BY owner, version)sql"};
constexpr Sql record{
    R"sql(INSERT INTO schema_migrations (owner, version, checksum, created_at) VALUES ($1, $2, $3, db_now()))sql"};

struct Recorded {
  std::string owner;
  int version = 0;
  std::string checksum;
};

Result<void> check_order(const std::vector<Migration>& steps) {
  for (auto step = steps.begin(); step != steps.end(); ++step) {
    const auto same_owner = [&](const Migration& each) { return each.owner == step->owner; };
    const auto expected = std::count_if(steps.begin(), step, same_owner) + 1;
    if (step->version == expected) continue;
    return fail(ErrorKind::internal,
                fmt::format("migration {}/{} is listed where step {} belongs; number the steps of an owner "
                            "1, 2, 3 and list them in order",
                            step->owner, step->version, expected));
  }
  return {};
}

Result<void> check_recorded(const Recorded& row, const std::vector<Migration>& steps) {
  int known_version = 0;
  for (const auto& step : steps) {
    if (step.owner != row.owner) continue;
    known_version = std::max(known_version, step.version);
    if (step.version == row.version && sha256_of(step.sql) != row.checksum)
      return fail(ErrorKind::conflict,
                  fmt::format("migration {}/{} has another text than when it ran on this database; write a "
                              "new step instead of changing one that ran",
                              row.owner, row.version));
  }
  if (known_version > 0 && row.version > known_version)
    return fail(ErrorKind::conflict, fmt::format("this database is newer than this program: it has migration {0}/{1}, the "
                                                 "program knows {0} up to {2}; start the newer program or restore a backup",
                                                 row.owner, row.version, known_version));
  return {};
}

bool is_recorded(const Migration& step, const std::vector<Recorded>& recorded) {
  return std::ranges::any_of(recorded,
                             [&](const Recorded& row) { return row.owner == step.owner && row.version == step.version; });
}

Task<Result<void>> run_script(Transaction tx, std::string script) {
  for (const auto& statement : split_statements(script)) {
    co_await ok(tx.change(Sql{statement}));
    co_await ok(may_fail("migrations.statement"));
  }
  co_return {};
}

Task<Result<std::vector<Recorded>>> load_recorded(Transaction tx) { co_return co_await tx.all<Recorded>(all_recorded); }

Task<Result<void>> apply(Transaction tx, Migration step) {
  co_await ok(run_script(tx, std::string(step.sql)));
  co_await ok(may_fail("migrations.record"));
  co_await ok(tx.change(record, std::string(step.owner), step.version, sha256_of(step.sql)));
  may_end("migrations.applied");
  co_return {};
}

/// Yields the steps that were missing. All of them or none: the copy that was kept before is of the schema that was there, also
/// when the first start of a new program ends in the middle.
Task<Result<std::vector<Migration>>> apply_missing(Transaction tx, std::vector<Migration> steps) {
  const auto recorded = co_await ok(load_recorded(tx));
  std::erase_if(steps, [&](const Migration& step) { return is_recorded(step, recorded); });
  for (const auto& step : steps) co_await ok(apply(tx, step));
  co_return steps;
}

}  // namespace

Task<Result<void>> run_migrations(Database& database, Log& log, std::vector<Migration> given,
                                  std::function<Result<void>()> keep_copy) {
  std::vector<Migration> steps(std::begin(own_steps), std::end(own_steps));
  steps.insert(steps.end(), given.begin(), given.end());
  co_await ok(check_order(steps));

  const auto caller = Caller::system("migrate");
  co_await ok(database.transact(caller, run_script, std::string(schema_migrations_sql)));
  const auto recorded = co_await ok(database.transact(caller, load_recorded));
  for (const auto& row : recorded) co_await ok(check_recorded(row, steps));
  if (!recorded.empty() && !std::ranges::all_of(steps, [&](const auto& step) { return is_recorded(step, recorded); }))
    co_await ok(keep_copy());
  const auto applied = co_await ok(database.transact(caller, apply_missing, steps));
  for (const auto& step : applied)
    log.info("migration applied", {{"owner", step.owner}, {"version", std::int64_t{step.version}}});
  co_return {};
}

}  // namespace kinora
