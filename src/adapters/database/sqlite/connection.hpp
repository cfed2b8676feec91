#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ports/clock.hpp"
#include "ports/database.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace kinora {

/// One SQLite connection with the statements it has prepared. One thread at a time.
class SqliteConnection {
 public:
  enum class Access : std::uint8_t { read, write };

  /// `clock` answers db_now() and outlives the connection.
  static Result<std::unique_ptr<SqliteConnection>> open(const std::filesystem::path& file, Access access, const Clock& clock);

  /// One portable statement; see Statements::run().
  Result<std::int64_t> run(std::string_view sql, const Params& params, const Statements::RowSink& sink);
  /// BEGIN and its kind.
  Result<void> execute(std::string_view sql);

  /// All that the other database holds at this moment, in one transaction.
  Result<void> become(SqliteConnection& other);

  /// Where the log stands, for all connections of all processes: another after every commit. Costs no lock. Empty while there
  /// is no log.
  using LogState = std::array<std::uint32_t, 12>;
  LogState log_state() const;

  /// False also after an error at which SQLite rolled everything back by itself (disk full, out of memory, I/O).
  bool in_transaction() const;
  /// The last error was a failed fsync: what the disk holds is unknown, and asking again proves nothing.
  bool lost_sync() const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  struct Finalize {
    void operator()(sqlite3_stmt* handle) const;
  };
  struct Prepared {
    std::string sql;
    std::unique_ptr<sqlite3_stmt, Finalize> handle;
  };

  explicit SqliteConnection(std::unique_ptr<sqlite3, Close> handle) : handle_(std::move(handle)) {}
  Result<void> configure(Access access, const Clock& clock);
  Result<sqlite3_stmt*> prepared(std::string_view sql);
  Result<std::unique_ptr<sqlite3_stmt, Finalize>> prepare(std::string_view sql);
  std::unexpected<Error> failure(std::string_view sql) const;

  std::unique_ptr<sqlite3, Close> handle_;
  std::list<Prepared> prepared_;  // last used first
  std::unordered_map<std::string_view, std::list<Prepared>::iterator> by_sql_;
};

}  // namespace kinora
