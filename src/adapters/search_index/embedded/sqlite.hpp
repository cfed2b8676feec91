#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/encoding.hpp"
#include "base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace kinora::search_file {

/// One connection to search.db, used by one thread at a time. The first error sticks: from then on nothing runs and no row
/// comes, until outcome() or the end of the transaction has told it. So a sequence of statements reads as one.
class Connection {
 public:
  static Result<std::unique_ptr<Connection>> open(const std::filesystem::path& file);
  Connection(const Connection&) = delete;

  /// Several statements without parameters.
  void execute(const std::string& sql);
  std::int64_t last_row() const;
  /// As if a statement had failed.
  void note(Error error);
  bool good() const { return !error_; }
  /// The first error since it was last asked.
  Result<void> outcome();

 private:
  friend class Statement;
  struct Close {
    void operator()(sqlite3* connection) const;
  };
  explicit Connection(sqlite3* connection) : connection_(connection) {}
  void note_code(int code);

  std::unique_ptr<sqlite3, Close> connection_;
  std::optional<Error> error_;
};

/// A prepared statement; must not outlive its connection. Columns count from 0.
class Statement {
 public:
  Statement(Connection& connection, std::string_view sql);

  /// Runs a statement that gives no rows.
  template <class... Args>
  void run(const Args&... args) {
    start(args...);
    next();
    reset();
  }
  /// Binds ?1, ?2 ...: integers, doubles, text, bytes (an empty span is NULL). Text and bytes must live until the last next().
  template <class... Args>
  void start(const Args&... args) {
    reset();
    int at = 0;
    (bind(++at, args), ...);
  }
  /// True while there is a row under the cursor.
  bool next();
  /// Leaves the cursor before its end.
  void reset();

  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string_view text(int column) const;             ///< until the next next()
  std::span<const std::byte> bytes(int column) const;  ///< until the next next()

 private:
  struct Finalise {
    void operator()(sqlite3_stmt* statement) const;
  };
  void bind(int at, std::int64_t value);
  void bind(int at, double value);
  void bind(int at, std::string_view value);
  void bind(int at, std::span<const std::byte> value);

  Connection& connection_;
  std::unique_ptr<sqlite3_stmt, Finalise> statement_;
};

enum class Access : std::uint8_t { read, write };

/// A snapshot for reads, or the lock and the changes of a write; undone when it goes without end().
class Session {
 public:
  Session(Connection& connection, Access access);
  Session(const Session&) = delete;
  ~Session();
  /// Commits and yields success, or undoes everything and yields the first error.
  Result<void> end();

 private:
  Connection* connection_;
};

}  // namespace kinora::search_file
