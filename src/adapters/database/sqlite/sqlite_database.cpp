#include "adapters/database/sqlite/sqlite_database.hpp"

#include "adapters/database/migrations.hpp"
#include "adapters/database/repeats.hpp"
#include "adapters/database/sqlite/body_run.hpp"
#include "adapters/database/sqlite/connection.hpp"
#include "adapters/database/sqlite/writer.hpp"
#include "base/pool.hpp"

namespace kinora {

namespace {

constexpr std::size_t scan_threads = 2;
constexpr std::size_t scans_waiting_max = 64;

/// Read-only connections that no thread uses right now, last used first. There are never more than threads that read.
class Readers {
 public:
  Readers(std::filesystem::path file, const Clock& clock) : file_(std::move(file)), clock_(clock) {}

  Result<std::unique_ptr<SqliteConnection>> take() {
    auto idle = idle_.with([](auto& connections) -> std::unique_ptr<SqliteConnection> {
      if (connections.empty()) return nullptr;
      auto last = std::move(connections.back());
      connections.pop_back();
      return last;
    });
    if (idle != nullptr) return idle;
    return SqliteConnection::open(file_, SqliteConnection::Access::read, clock_);
  }
  void give_back(std::unique_ptr<SqliteConnection> connection) {
    if (connection->in_transaction()) return;  // it could not even roll back: a fresh one will do better
    idle_.with([&](auto& connections) { connections.push_back(std::move(connection)); });
  }

 private:
  std::filesystem::path file_;
  const Clock& clock_;
  Guarded<std::vector<std::unique_ptr<SqliteConnection>>> idle_;
};

Result<void> run_in_snapshot(SqliteConnection& connection, const Caller& caller, Database::Body& body,
                             asio::any_io_executor home) {
  if (auto begun = connection.execute("BEGIN"); !begun) return begun;
  BodyRun run(connection, caller, std::move(home));
  auto outcome = run.run(body);
  auto ended = connection.in_transaction() ? connection.execute(outcome ? "COMMIT" : "ROLLBACK") : Result<void>();
  if (outcome && !ended) return ended;
  if (!outcome) return outcome;
  for (const auto& act : run.take_acts()) act();
  return {};
}

/// To read it alone.
Result<std::unique_ptr<SqliteConnection>> open_existing(const std::filesystem::path& file, const Clock& clock) {
  std::error_code code;
  if (!std::filesystem::exists(file, code)) return fail(ErrorKind::not_found, "there is no database at " + file.string());
  return SqliteConnection::open(file, SqliteConnection::Access::read, clock);
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const std::filesystem::path& file, std::unique_ptr<SqliteConnection> writes_to, const Clock& clock, Log& log)
      : file_(file),
        clock_(clock),
        log_(log),
        writer_(std::move(writes_to), log),
        readers_(file, clock),
        scans_("database scans", scan_threads, scans_waiting_max) {}
  ~SqliteDatabase() override { scans_.join(); }

  Task<Result<void>> migrate(std::vector<Migration> steps) override {
    const auto keep_copy = [this] { return copy_sqlite_database(file_, copy_before_migration(file_), clock_); };
    co_return co_await run_migrations(*this, log_, std::move(steps), keep_copy);
  }

  Task<Result<std::optional<Made>>> made_before(Caller caller) override {
    if (!caller.repeatable) co_return std::optional<Made>();
    co_return co_await read(caller, find_made, caller.user, caller.repeatable->key);
  }
  Task<Result<std::int64_t>> forget_made(Caller caller, std::int64_t limit) override {
    return transact(std::move(caller), remove_expired_made, limit);
  }

 protected:
  Task<Result<void>> run_write(Caller caller, Body& body) override {
    co_await ok(may_begin(co_await this_fiber, caller));
    co_return co_await writer_.run(std::move(caller), body);
  }
  Task<Result<void>> run_read(Caller caller, Body& body) override {
    const Fiber& fiber = co_await this_fiber;
    co_await ok(may_begin(fiber, caller));
    co_return read_here(caller, body, fiber.executor);
  }
  Task<Result<void>> run_scan(Caller caller, Body& body) override {
    const Fiber& fiber = co_await this_fiber;
    co_await ok(may_begin(fiber, caller));
    co_return co_await on(scans_, [this, &caller, &body, &fiber] { return read_here(caller, body, fiber.executor); });
  }

 private:
  static Result<void> may_begin(const Fiber& fiber, const Caller& caller) {
    fiber.require_outside_transaction("another transaction");
    if (fiber.stopped) return std::unexpected(error_of(asio::error::operation_aborted, fiber));
    return before_deadline(caller);
  }
  static Result<void> before_deadline(const Caller& caller) {
    if (std::chrono::steady_clock::now() < caller.deadline) return {};
    return fail(ErrorKind::timeout, "the deadline passed before the database was asked");
  }
  Result<void> read_here(const Caller& caller, Body& body, asio::any_io_executor home) {
    if (auto in_time = before_deadline(caller); !in_time) return in_time;
    auto connection = readers_.take();
    if (!connection) return std::unexpected(std::move(connection.error()));
    auto outcome = run_in_snapshot(**connection, caller, body, std::move(home));
    readers_.give_back(*std::move(connection));
    return outcome;
  }

  std::filesystem::path file_;
  const Clock& clock_;
  Log& log_;
  SqliteWriter writer_;  // goes last: only a connection that writes can put the journal back into the file
  Readers readers_;
  Pool scans_;
};

}  // namespace

std::filesystem::path copy_before_migration(std::filesystem::path file) { return file += ".before-migration"; }

Result<std::unique_ptr<Database>> open_sqlite_database(std::filesystem::path file, const Clock& clock, Log& log) {
  auto writes_to = SqliteConnection::open(file, SqliteConnection::Access::write, clock);
  if (!writes_to) return std::unexpected(std::move(writes_to.error()));
  return std::make_unique<SqliteDatabase>(file, *std::move(writes_to), clock, log);
}

Result<void> copy_sqlite_database(std::filesystem::path from, std::filesystem::path to, const Clock& clock) {
  auto source = open_existing(from, clock);
  if (!source) return std::unexpected(std::move(source.error()));
  auto copy = SqliteConnection::open(to, SqliteConnection::Access::write, clock);
  if (!copy) return std::unexpected(std::move(copy.error()));
  return (*copy)->become(**source);
}

Result<std::vector<std::string>> examine_sqlite_database(std::filesystem::path file, const Clock& clock) {
  auto connection = open_existing(file, clock);
  if (!connection) return std::unexpected(std::move(connection.error()));
  std::vector<std::string> complaints;
  const auto keep = [&](const RowReader& row) {
    if (row.text(0) != "ok") complaints.emplace_back(row.text(0));
    return Result<void>();
  };
  const auto done = (*connection)->run("PRAGMA integrity_check", {}, keep);
  if (!done) return std::unexpected(done.error());
  return complaints;
}

}  // namespace kinora
