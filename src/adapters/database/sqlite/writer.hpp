#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "adapters/database/sqlite/connection.hpp"
#include "adapters/database/sqlite/readers.hpp"
#include "adapters/database/sqlite/write_queue.hpp"
#include "base/log.hpp"

namespace kinora {

/// The one thread that writes. Bodies that wait share one BEGIN IMMEDIATE ... COMMIT, each in its own savepoint.
class SqliteWriter {
 public:
  /// `readers`, which outlive it, hear when it writes.
  SqliteWriter(std::unique_ptr<SqliteConnection> connection, SqliteReaders& readers, Log& log);
  SqliteWriter(const SqliteWriter&) = delete;
  /// Runs what was accepted, then ends the thread.
  ~SqliteWriter();

  /// Yields what the transaction came to; the request is not touched afterwards. A fiber that is stopped before its body began
  /// gets its reason, later the outcome.
  Task<Result<void>> run(Caller caller, Database::Body& body);

 private:
  /// Bodies that wait for the same COMMIT.
  using Batch = std::vector<WriteRequest*>;

  void work();
  void run_batch(WriteRequest& first);
  Result<void> run_bodies(WriteRequest& first, Batch& batch);
  Result<void> run_body(WriteRequest& request);
  Result<void> commit(Result<void> ran);
  static void finish(const Batch& batch, const Result<void>& committed);

  std::unique_ptr<SqliteConnection> connection_;
  SqliteReaders& readers_;
  Log& log_;
  std::optional<Error> refusing_;  // once an fsync has failed
  WriteQueue queue_;
  std::thread thread_;
};

}  // namespace kinora
