#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "adapters/database/repeats.hpp"
#include "adapters/database/sqlite/connection.hpp"

namespace kinora {

/// One run of one body on one connection.
class BodyRun final : public Statements {
 public:
  /// `home` is where the fiber that asked for the body lives. All outlive the run.
  BodyRun(SqliteConnection& connection, const Caller& caller, asio::any_io_executor home)
      : connection_(connection), caller_(caller), home_(std::move(home)) {}

  /// Runs the body to its end on this thread: every statement completes at once, so a body that is not finished then waits for
  /// something else, and that ends the process. A failed statement fails the run whatever the body made of it, as in
  /// PostgreSQL.
  Result<void> run(Database::Body& body);
  /// What on_commit() was given, in order.
  std::vector<std::function<void()>> take_acts() { return std::move(acts_); }

  Task<Result<std::int64_t>> run(Sql sql, Params params, RowSink sink) override;
  void on_commit(std::function<void()> act) override { acts_.push_back(std::move(act)); }
  Task<Result<void>> made(std::string_view kind, Uuid id) override {
    return keep_made(Transaction(*this), caller_, std::string(kind), id);
  }

 private:
  SqliteConnection& connection_;
  const Caller& caller_;
  asio::any_io_executor home_;
  std::optional<Error> failed_;
  std::vector<std::function<void()>> acts_;
};

}  // namespace kinora
