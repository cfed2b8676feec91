#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "adapters/database/sqlite/connection.hpp"

namespace kinora {

/// One run of one body on one connection, and what it leaves to be done after COMMIT.
class BodyRun final : public Statements {
 public:
  explicit BodyRun(SqliteConnection& connection) : connection_(connection) {}

  /// Runs the body to its end on this thread: every statement completes at once, so a body that is not finished then waits for
  /// something else, and that ends the process. A failed statement fails the run whatever the body made of it, as in
  /// PostgreSQL.
  Result<void> run(Database::Body& body);
  void run_acts();

  Task<Result<std::int64_t>> run(Sql sql, Params params, RowSink sink) override;
  void on_commit(std::function<void()> act) override { acts_.push_back(std::move(act)); }

 private:
  SqliteConnection& connection_;
  std::optional<Error> failed_;
  std::vector<std::function<void()>> acts_;
};

}  // namespace kinora
