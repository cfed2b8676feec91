#pragma once

#include "adapters/database/migrations.hpp"
#include "adapters/database/sqlite/body_run.hpp"
#include "adapters/database/sqlite/connection.hpp"

namespace kinora::testing {

/// The real SQLite in memory, on the thread that asks: a transaction costs its statements, no hand-over and no sync. For
/// simulations that live on one thread.
class InstantDatabase final : public Database {
 public:
  InstantDatabase(const Clock& clock, Log& log)
      : log_(log), connection_(SqliteConnection::open("", SqliteConnection::Access::write, clock).value()) {}

  Task<Result<void>> migrate(std::vector<Migration> steps) override {
    return run_migrations(*this, log_, std::move(steps), [] { return Result<void>(); });
  }
  Task<Result<std::optional<Made>>> made_before(Caller) override { co_return std::optional<Made>(); }
  Task<Result<std::int64_t>> forget_made(Caller, std::int64_t) override { co_return std::int64_t{0}; }

 protected:
  Task<Result<void>> run_write(Caller caller, Body& body) override { return run_here(std::move(caller), body); }
  Task<Result<void>> run_read(Caller caller, Body& body) override { return run_here(std::move(caller), body); }
  Task<Result<void>> run_scan(Caller caller, Body& body) override { return run_here(std::move(caller), body); }

 private:
  Task<Result<void>> run_here(Caller caller, Body& body) {
    const auto home = (co_await this_fiber).executor;
    co_await ok(connection_->execute("BEGIN"));
    BodyRun run(*connection_, caller, home);
    const auto outcome = run.run(body);
    co_await ok(connection_->execute(outcome ? "COMMIT" : "ROLLBACK"));
    if (!outcome) co_return outcome;
    for (const auto& act : run.take_acts()) act();
    co_return {};
  }

  Log& log_;
  std::unique_ptr<SqliteConnection> connection_;
};

}  // namespace kinora::testing
