#include "adapters/database/sqlite/readers.hpp"

#include <utility>

namespace kinora {

namespace {

/// False when it could not even be ended: a fresh connection will do better.
bool end(SqliteConnection& connection) {
  if (connection.in_transaction()) (void)connection.execute("COMMIT");
  return !connection.in_transaction();
}

bool is_of_now(const SqliteReaders::Snapshot& snapshot) {
  return snapshot.holds != SqliteConnection::LogState{} && snapshot.holds == snapshot.connection->log_state();
}

}  // namespace

Result<SqliteReaders::Snapshot> SqliteReaders::take() {
  auto snapshot = state_.with([](State& state) {
    if (state.idle.empty()) return Snapshot{};
    auto last = std::move(state.idle.back());
    state.idle.pop_back();
    return last;
  });
  auto& connection = snapshot.connection;
  if (connection != nullptr && connection->in_transaction()) {
    if (is_of_now(snapshot)) return snapshot;
    if (!end(*connection)) connection.reset();
  }
  if (connection == nullptr) {
    auto opened = SqliteConnection::open(file_, SqliteConnection::Access::read, clock_);
    if (!opened) return std::unexpected(std::move(opened.error()));
    connection = *std::move(opened);
    // A first read opens the write-ahead log: what log_state() maps before that, SQLite would not let go when it closes.
    if (auto read = connection->execute("SELECT 1 FROM sqlite_schema LIMIT 1"); !read)
      return std::unexpected(std::move(read.error()));
  }
  snapshot.holds = connection->log_state();
  if (auto begun = connection->execute("BEGIN"); !begun) return std::unexpected(std::move(begun.error()));
  return snapshot;
}

void SqliteReaders::give_back(Snapshot snapshot) {
  const auto keep = [&](State& state) { state.idle.push_back(std::move(snapshot)); };
  const bool kept = is_of_now(snapshot) && state_.with([&](State& state) {
    if (state.writing) return false;
    keep(state);
    return true;
  });
  if (kept || !end(*snapshot.connection)) return;
  state_.with(keep);
}

void SqliteReaders::begin_writing() {
  state_.with([](State& state) {
    state.writing = true;
    std::erase_if(state.idle, [](const Snapshot& each) { return !end(*each.connection); });
  });
}

void SqliteReaders::end_writing() {
  state_.with([](State& state) { state.writing = false; });
}

void SqliteReaders::close() {
  state_.with([](State& state) { state.idle.clear(); });
}

}  // namespace kinora
