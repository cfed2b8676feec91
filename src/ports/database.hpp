#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "base/caller.hpp"
#include "base/task.hpp"
#include "ports/database_values.hpp"
#include "ports/sql.hpp"

namespace kinora {

/// One step of one owner's schema; `sql` may hold several statements and the type words @ID @INT @REAL @BOOL @TEXT @JSON @TIME
/// @BYTES. Each step leaves a schema with which the previous binary still works.
struct Migration {
  std::string_view owner;
  int version;
  std::string_view sql;
};

/// What an adapter implements per connection; modules use Transaction.
class Statements {
 public:
  using RowSink = std::function<Result<void>(const RowReader&)>;
  virtual ~Statements() = default;

  /// Runs one statement, gives each row to `sink` in order, yields the number of rows changed (0 for a SELECT). A broken unique
  /// or check constraint yields conflict.
  virtual Task<Result<std::int64_t>> run(Sql sql, Params params, RowSink sink) = 0;
  virtual void on_commit(std::function<void()> act) = 0;
  /// See Transaction::made().
  virtual Task<Result<void>> made(std::string_view kind, Uuid id) = 0;
};

/// The only thing a transaction body may await. A cheap handle, valid until the body ends. After a failed statement the
/// transaction can only fail: later statements yield the same error, and so does a body that ends well nevertheless.
class Transaction {
 public:
  explicit Transaction(Statements& statements) : statements_(&statements) {}

  // None of these is a coroutine itself: its Task would point to this handle, which may be gone before the Task starts.

  /// Rows as a plain struct (columns in the order of its members) or, for one column, as a value.
  template <class Row, class... Args>
  Task<Result<std::vector<Row>>> all(Sql sql, Args... args) {
    return all_rows<Row>(statements_, sql, params_of(std::move(args)...));
  }
  /// The first row, if there is one.
  template <class Row, class... Args>
  Task<Result<std::optional<Row>>> find(Sql sql, Args... args) {
    return find_row<Row>(statements_, sql, params_of(std::move(args)...));
  }
  /// The one row that must be there (INSERT ... RETURNING, COUNT); none yields not_found.
  template <class Row, class... Args>
  Task<Result<Row>> one(Sql sql, Args... args) {
    return one_row<Row>(statements_, sql, params_of(std::move(args)...));
  }
  /// Yields the number of rows changed.
  template <class... Args>
  Task<Result<std::int64_t>> change(Sql sql, Args... args) {
    return statements_->run(sql, params_of(std::move(args)...), [](const RowReader&) { return Result<void>(); });
  }

  /// `act` runs once after COMMIT has returned, never if it fails: how sleepers are woken. It must be quick and must not throw.
  void on_commit(std::function<void()> act) { statements_->on_commit(std::move(act)); }

  /// Tells what the transaction makes. When the caller's request may come again and is answered with such a thing, this is
  /// written down under his key, to be found by Database::made_before(). Errors: conflict (a request with this key was faster).
  template <class Kind>
  Task<Result<void>> made(Id<Kind> id) {
    return statements_->made(Kind::prefix, id.uuid);
  }

 private:
  template <class Row>
  static Task<Result<std::vector<Row>>> all_rows(Statements* statements, Sql sql, Params params) {
    std::vector<Row> rows;
    auto sink = [&rows](const RowReader& reader) { return keep(rows, reader); };
    co_await ok(statements->run(sql, std::move(params), sink));
    co_return rows;
  }
  template <class Row>
  static Task<Result<std::optional<Row>>> find_row(Statements* statements, Sql sql, Params params) {
    auto rows = co_await ok(all_rows<Row>(statements, sql, std::move(params)));
    co_return rows.empty() ? std::nullopt : std::optional<Row>(std::move(rows.front()));
  }
  template <class Row>
  static Task<Result<Row>> one_row(Statements* statements, Sql sql, Params params) {
    auto rows = co_await ok(all_rows<Row>(statements, sql, std::move(params)));
    if (rows.empty()) co_return fail(ErrorKind::not_found, "no such row");
    co_return std::move(rows.front());
  }
  template <class Row>
  static Result<void> keep(std::vector<Row>& rows, const RowReader& reader) {
    auto row = read_row<Row>(reader);
    if (!row) return std::unexpected(std::move(row.error()));
    rows.push_back(*std::move(row));
    return {};
  }

  Statements* statements_;
};

/// What a request made when it came first.
struct Made {
  std::string request_hash;
  int status = 0;
  std::string kind;  ///< the prefix of the id
  Uuid id{};
};

/// The rows of kinora. A body is a plain coroutine function `Task<Result<T>>(Transaction, Args...)`; it may be run again after
/// a serialisation failure (at most 5 times), so it has no effect but its statements. Isolation is serialisable. Once started a
/// body runs to its end; the caller's deadline and stop act before and after it. Any thread.
class Database {
 public:
  virtual ~Database() = default;

  /// Writes. Yields after COMMIT has returned and the bytes are on disk; waiting bodies share one commit, each in its own
  /// savepoint. Yields timeout when the caller's deadline passed before the body began, unavailable when the queue is full.
  template <class T, class... Args, class... Given>
  Task<Result<T>> transact(Caller caller, Task<Result<T>> (*body)(Transaction, Args...), Given... given) {
    BodyOf<T, Args...> call(body, std::tuple<std::decay_t<Args>...>(std::move(given)...));
    co_await ok(run_write(std::move(caller), call));
    co_return call.take();
  }
  /// At most 100 rows by index: runs on the calling thread, in one snapshot.
  template <class T, class... Args, class... Given>
  Task<Result<T>> read(Caller caller, Task<Result<T>> (*body)(Transaction, Args...), Given... given) {
    BodyOf<T, Args...> call(body, std::tuple<std::decay_t<Args>...>(std::move(given)...));
    co_await ok(run_read(std::move(caller), call));
    co_return call.take();
  }
  /// Scans: as read(), on a pool.
  template <class T, class... Args, class... Given>
  Task<Result<T>> scan(Caller caller, Task<Result<T>> (*body)(Transaction, Args...), Given... given) {
    BodyOf<T, Args...> call(body, std::tuple<std::decay_t<Args>...>(std::move(given)...));
    co_await ok(run_scan(std::move(caller), call));
    co_return call.take();
  }

  /// Brings every owner's schema to its last step, in the order given, in one transaction, each step recorded with a checksum
  /// in schema_migrations. A step whose text changed after it ran yields conflict. Before anything else, once.
  virtual Task<Result<void>> migrate(std::vector<Migration> steps) = 0;

  /// What the caller's repeatable request made within the last 24 hours; nothing when it is new.
  virtual Task<Result<std::optional<Made>>> made_before(Caller caller) = 0;
  /// Forgets requests that are older, at most so many; yields their number.
  virtual Task<Result<std::int64_t>> forget_made(Caller caller, std::int64_t limit) = 0;

  /// A body with its arguments and a place for its value. Adapters call attempt() once per try.
  class Body {
   public:
    virtual ~Body() = default;
    virtual Task<Result<void>> attempt(Transaction tx) = 0;
  };

 protected:
  virtual Task<Result<void>> run_write(Caller caller, Body& body) = 0;
  virtual Task<Result<void>> run_read(Caller caller, Body& body) = 0;
  virtual Task<Result<void>> run_scan(Caller caller, Body& body) = 0;

 private:
  template <class T, class... Args>
  class BodyOf final : public Body {
   public:
    using Function = Task<Result<T>> (*)(Transaction, Args...);
    BodyOf(Function function, std::tuple<std::decay_t<Args>...> args) : function_(function), args_(std::move(args)) {}

    Task<Result<void>> attempt(Transaction tx) override {
      auto result = co_await std::apply([&](auto... each) { return function_(tx, std::move(each)...); }, args_);
      if (!result) co_return std::unexpected(std::move(result.error()));
      if constexpr (!std::is_void_v<T>) value_.emplace(*std::move(result));
      co_return {};
    }
    Result<T> take() {
      if constexpr (std::is_void_v<T>)
        return {};
      else
        return *std::move(value_);
    }

   private:
    struct Nothing {};
    Function function_;
    std::tuple<std::decay_t<Args>...> args_;
    std::optional<std::conditional_t<std::is_void_v<T>, Nothing, T>> value_;
  };
};

}  // namespace kinora
