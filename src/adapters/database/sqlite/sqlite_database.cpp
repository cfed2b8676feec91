#include "adapters/database/sqlite/sqlite_database.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "adapters/database/migrations.hpp"
#include "adapters/database/repeats.hpp"
#include "adapters/database/sqlite/body_run.hpp"
#include "adapters/database/sqlite/connection.hpp"
#include "adapters/database/sqlite/readers.hpp"
#include "adapters/database/sqlite/writer.hpp"
#include "base/pool.hpp"

namespace kinora {

namespace {

constexpr std::size_t scan_threads = 2;
constexpr std::size_t scans_waiting_max = 64;

Result<void> run_in_snapshot(SqliteConnection& connection, const Caller& caller, Database::Body& body,
                             asio::any_io_executor home) {
  BodyRun run(connection, caller, std::move(home));
  auto outcome = run.run(body);
  if (!outcome && connection.in_transaction()) (void)connection.execute("ROLLBACK");
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

Result<void> overwrite(const std::filesystem::path& file, SqliteConnection& source, const Clock& clock) {
  auto copy = SqliteConnection::open(file, SqliteConnection::Access::write, clock);
  if (!copy) return std::unexpected(std::move(copy.error()));
  return (*copy)->become(source);
}

/// Beside its place, where an earlier attempt may have left something.
std::filesystem::path fresh_part_of(std::filesystem::path file) {
  file += ".part";
  std::error_code ignored;
  for (const auto* suffix : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + suffix, ignored);
  return file;
}

/// A power cut does not take the name away again. A log beside the part holds what could not be put into it when it was closed.
Result<void> name_for_good(const std::filesystem::path& part, const std::filesystem::path& file) {
  std::error_code code;
  if (std::filesystem::exists(part.string() + "-wal", code))
    return fail(ErrorKind::unavailable, "the copy " + part.string() + " could not be finished; is the disk full?",
                "storage_full");
  const int folder = ::open(file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool named = folder >= 0 && ::rename(part.c_str(), file.c_str()) == 0 && ::fsync(folder) == 0;
  const int problem = errno;
  if (folder >= 0) ::close(folder);
  if (named) return {};
  return fail(ErrorKind::unavailable, "cannot name the database " + file.string() + ": " + std::strerror(problem));
}

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(const std::filesystem::path& file, std::unique_ptr<SqliteConnection> writes_to, const Clock& clock, Log& log)
      : file_(file),
        clock_(clock),
        log_(log),
        readers_(file, clock),
        writer_(std::move(writes_to), readers_, log),
        scans_("database scans", scan_threads, scans_waiting_max) {}
  ~SqliteDatabase() override {
    scans_.join();
    readers_.close();  // the last connection must be one that writes: only it can put the log back into the file
  }

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
    auto snapshot = readers_.take();
    if (!snapshot) return std::unexpected(std::move(snapshot.error()));
    auto outcome = run_in_snapshot(*snapshot->connection, caller, body, std::move(home));
    readers_.give_back(*std::move(snapshot));
    return outcome;
  }

  std::filesystem::path file_;
  const Clock& clock_;
  Log& log_;
  SqliteReaders readers_;
  SqliteWriter writer_;
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
  std::error_code code;
  if (std::filesystem::exists(to, code)) return overwrite(to, **source, clock);
  const auto part = fresh_part_of(to);
  auto copied = overwrite(part, **source, clock);
  return copied ? name_for_good(part, to) : copied;
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
