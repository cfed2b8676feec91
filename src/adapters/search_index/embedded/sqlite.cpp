#include "adapters/search_index/embedded/sqlite.hpp"

#include <sqlite3.h>

namespace kinora::search_file {

namespace {

constexpr auto busy_wait_ms = 10'000;

// WAL: readers never wait for the writer. FULL: what was acknowledged survives a power cut. A video's postings touch pages all
// over the file, so the log is copied back every 32 MiB, not every 4, and the cache holds what one video touches.
constexpr auto settings =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=8192; PRAGMA journal_size_limit=33554432;"
    "PRAGMA cache_size=-16384; PRAGMA mmap_size=268435456;";

Error error_of(sqlite3* connection, int code) {
  const std::string why = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  switch (code & 0xff) {
    case SQLITE_FULL: return {ErrorKind::unavailable, "search.db: the disk is full; free some space", "storage_full"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {ErrorKind::conflict, "search.db is damaged (" + why + ")", "damaged"};
    case SQLITE_BUSY:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_NOMEM: return {ErrorKind::unavailable, "search.db: " + why};
    default: return {ErrorKind::internal, "search.db: " + why};
  }
}

}  // namespace

void Connection::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }

Result<std::unique_ptr<Connection>> Connection::open(const std::filesystem::path& file) {
  sqlite3* made = nullptr;
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &made, flags, nullptr);
  std::unique_ptr<Connection> connection(new Connection(made));
  connection->note_code(code);
  sqlite3_busy_timeout(made, busy_wait_ms);
  connection->execute(settings);
  if (auto opened = connection->outcome(); !opened) return std::unexpected(std::move(opened.error()));
  return connection;
}

void Connection::execute(const std::string& sql) {
  if (!error_) note_code(sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Connection::last_row() const { return sqlite3_last_insert_rowid(connection_.get()); }

void Connection::note(Error error) {
  if (!error_) error_ = std::move(error);
}

void Connection::note_code(int code) {
  if (code != SQLITE_OK && !error_) error_ = error_of(connection_.get(), code);
}

Result<void> Connection::outcome() {
  if (auto error = std::exchange(error_, std::nullopt)) return std::unexpected(*std::move(error));
  return {};
}

void Statement::Finalise::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement::Statement(Connection& connection, std::string_view sql) : connection_(connection) {
  sqlite3_stmt* made = nullptr;
  const auto size = static_cast<int>(sql.size());
  connection_.note_code(
      sqlite3_prepare_v3(connection_.connection_.get(), sql.data(), size, SQLITE_PREPARE_PERSISTENT, &made, nullptr));
  statement_.reset(made);
}

void Statement::bind(int at, std::int64_t value) { connection_.note_code(sqlite3_bind_int64(statement_.get(), at, value)); }
void Statement::bind(int at, double value) { connection_.note_code(sqlite3_bind_double(statement_.get(), at, value)); }
void Statement::bind(int at, std::string_view value) {
  const char* text = value.data() != nullptr ? value.data() : "";  // a null pointer would bind NULL
  connection_.note_code(sqlite3_bind_text64(statement_.get(), at, text, value.size(), SQLITE_STATIC, SQLITE_UTF8));
}
void Statement::bind(int at, std::span<const std::byte> value) {
  const void* bytes = value.empty() ? nullptr : value.data();
  connection_.note_code(sqlite3_bind_blob64(statement_.get(), at, bytes, value.size(), SQLITE_STATIC));
}

bool Statement::next() {
  if (connection_.error_) return false;
  const int code = sqlite3_step(statement_.get());
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) connection_.note_code(code);
  reset();
  return false;
}

void Statement::reset() { sqlite3_reset(statement_.get()); }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
double Statement::real(int column) const { return sqlite3_column_double(statement_.get(), column); }
std::string_view Statement::text(int column) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
  return {text, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}
std::span<const std::byte> Statement::bytes(int column) const {
  const auto* bytes = static_cast<const std::byte*>(sqlite3_column_blob(statement_.get(), column));
  return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

Session::Session(Connection& connection, Access access) : connection_(&connection) {
  connection.execute(access == Access::write ? "BEGIN IMMEDIATE" : "BEGIN");
}

Session::~Session() {
  if (connection_ == nullptr) return;
  // A session dropped half-way has no one to tell; a connection that cannot roll back says so at its next BEGIN.
  (void)connection_->outcome();
  connection_->execute("ROLLBACK");
  (void)connection_->outcome();
}

Result<void> Session::end() {
  connection_->execute("COMMIT");
  auto outcome = connection_->outcome();
  // COMMIT may fail and leave the transaction open (disk full), or an earlier error may have closed it already.
  if (!outcome) {
    connection_->execute("ROLLBACK");
    (void)connection_->outcome();
  }
  connection_ = nullptr;
  return outcome;
}

}  // namespace kinora::search_file
