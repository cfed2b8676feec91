#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "adapters/database/sqlite/connection.hpp"
#include "base/sync.hpp"

namespace kinora {

/// The read-only connections, never more than threads that read. Any thread.
///
/// A snapshot stays open from one read to the next for as long as nobody, of any process, has written: to begin and to end one
/// takes file locks, which cost more than the statements of most reads. The writer tells when it writes, for a checkpoint can
/// begin the log anew only when nobody holds on to what stands in it.
class SqliteReaders {
 public:
  struct Snapshot {
    std::unique_ptr<SqliteConnection> connection;
    SqliteConnection::LogState holds{};  ///< that log at least
  };

  SqliteReaders(std::filesystem::path file, const Clock& clock) : file_(std::move(file)), clock_(clock) {}

  /// Holds everything whose commit was told before; for one thread until it is given back.
  Result<Snapshot> take();
  void give_back(Snapshot snapshot);

  /// From before BEGIN until COMMIT has returned and nobody was told yet: no snapshot is left open meanwhile. One thread.
  void begin_writing();
  void end_writing();

  /// When nobody reads any more.
  void close();

 private:
  struct State {
    std::vector<Snapshot> idle;  // last used last
    bool writing = false;
  };

  std::filesystem::path file_;
  const Clock& clock_;
  Guarded<State> state_;
};

}  // namespace kinora
