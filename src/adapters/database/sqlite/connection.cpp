#include "adapters/database/sqlite/connection.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <unicode/ucasemap.h>
#include <unistd.h>

#include "adapters/database/dialect.hpp"
#include "adapters/database/sqlite/errors.hpp"

namespace kinora {

namespace {

// Together about 3 MB per connection; the product has fewer statements than that.
constexpr std::size_t prepared_max = 512;
constexpr int busy_wait_ms = 5000;

constexpr std::string_view writer_settings[] = {
    "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL",
    "PRAGMA journal_size_limit = 67108864",  // after a burst the log shrinks to 64 MiB again
};

class SqliteRow final : public RowReader {
 public:
  explicit SqliteRow(sqlite3_stmt* statement) : statement_(statement) {}
  int columns() const override { return sqlite3_column_count(statement_); }
  bool is_null(int column) const override { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(statement_, column); }
  double real(int column) const override { return sqlite3_column_double(statement_, column); }
  std::string_view text(int column) const override {
    const auto* begin = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
    return {begin, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }
  std::span<const std::byte> bytes(int column) const override {
    const auto* begin = static_cast<const std::byte*>(sqlite3_column_blob(statement_, column));
    return {begin, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
  }

 private:
  sqlite3_stmt* statement_;
};

/// Binds without copying: the values outlive the run, after which the statement forgets them.
struct Binder {
  sqlite3_stmt* statement;
  int at;
  int operator()(std::monostate) const { return sqlite3_bind_null(statement, at); }
  int operator()(std::int64_t value) const { return sqlite3_bind_int64(statement, at, value); }
  int operator()(double value) const { return sqlite3_bind_double(statement, at, value); }
  int operator()(const std::string& value) const {
    return sqlite3_bind_text64(statement, at, value.data(), value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int operator()(const Bytes& value) const {
    const void* begin = value.empty() ? "" : static_cast<const void*>(value.data());  // a null pointer would bind NULL
    return sqlite3_bind_blob64(statement, at, begin, value.size(), SQLITE_STATIC);
  }
};

/// One execution of a prepared statement: bound while it lives, idle and empty afterwards.
class Execution {
 public:
  explicit Execution(sqlite3_stmt* statement) : statement_(statement) {}
  Execution(const Execution&) = delete;
  ~Execution() {
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
  }

  int bind(const Params& params) {
    if (sqlite3_bind_parameter_count(statement_) != static_cast<int>(params.size())) return SQLITE_RANGE;
    for (int at = 1; const auto& param : params)
      if (const int code = std::visit(Binder{statement_, at++}, param); code != SQLITE_OK) return code;
    return SQLITE_OK;
  }
  /// SQLITE_DONE or what went wrong; `refused` when the sink did not want a row.
  int step_all(const Statements::RowSink& sink, Result<void>& refused) {
    const SqliteRow row(statement_);
    int code = sqlite3_step(statement_);
    for (; code == SQLITE_ROW; code = sqlite3_step(statement_)) {
      refused = sink(row);
      if (!refused) return SQLITE_ABORT;
    }
    return code;
  }

 private:
  sqlite3_stmt* statement_;
};

void db_now(sqlite3_context* context, int, sqlite3_value**) {
  const auto* clock = static_cast<const Clock*>(sqlite3_user_data(context));
  sqlite3_result_int64(context, clock->now().time_since_epoch().count());
}

// SQLite's own LOWER knows ASCII only; PostgreSQL's knows every letter.
void lower(sqlite3_context* context, int, sqlite3_value** values) {
  if (sqlite3_value_type(*values) == SQLITE_NULL) return;
  const auto* map = static_cast<const UCaseMap*>(sqlite3_user_data(context));
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(*values));
  const int size = sqlite3_value_bytes(*values);
  std::string out(static_cast<std::size_t>(size) * 3 / 2 + 1, '\0');  // no letter grows by more than from 2 bytes to 3
  UErrorCode code = U_ZERO_ERROR;
  const int written = ucasemap_utf8ToLower(map, out.data(), static_cast<int>(out.size()), text, size, &code);
  if (U_FAILURE(code)) return sqlite3_result_error(context, u_errorName(code), -1);
  sqlite3_result_text(context, out.data(), written, SQLITE_TRANSIENT);
}
void forget_case_map(void* map) { ucasemap_close(static_cast<UCaseMap*>(map)); }

/// SQLite would make the file readable by everybody; its log and index take over the mode of the file.
void make_private(const std::filesystem::path& file) {
  if (const int made = ::open(file.c_str(), O_CREAT | O_CLOEXEC | O_RDWR, S_IRUSR | S_IWUSR); made >= 0) ::close(made);
}

bool is_blank(std::string_view text) { return text.find_first_not_of(" \t\r\n;") == std::string_view::npos; }

}  // namespace

void SqliteConnection::Close::operator()(sqlite3* handle) const { sqlite3_close(handle); }
void SqliteConnection::Finalize::operator()(sqlite3_stmt* handle) const { sqlite3_finalize(handle); }

Result<std::unique_ptr<SqliteConnection>> SqliteConnection::open(const std::filesystem::path& file, Access access,
                                                                 const Clock& clock) {
  if (access == Access::write) make_private(file);
  const int flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE |
                    (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  std::unique_ptr<sqlite3, Close> handle(raw);
  auto connection = std::unique_ptr<SqliteConnection>(new SqliteConnection(std::move(handle)));
  auto configured = code == SQLITE_OK ? connection->configure(access, clock) : connection->failure("");
  if (configured) return connection;

  auto& error = configured.error();
  error.message =
      fmt::format("cannot open the database {}: {}; its folder must exist and be writable", file.string(), error.message);
  return std::unexpected(std::move(error));
}

Result<void> SqliteConnection::configure(Access access, const Clock& clock) {
  sqlite3_busy_timeout(handle_.get(), busy_wait_ms);
  // Else each new value of a parameter may want another plan, and statements are prepared again at every run.
  if (sqlite3_db_config(handle_.get(), SQLITE_DBCONFIG_ENABLE_QPSG, 1, nullptr) != SQLITE_OK) return failure("");
  // Innocuous: a column's DEFAULT may call it.
  const int code = sqlite3_create_function_v2(handle_.get(), "db_now", 0, SQLITE_UTF8 | SQLITE_INNOCUOUS,
                                              const_cast<Clock*>(&clock), db_now, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return failure("");
  UErrorCode icu_code = U_ZERO_ERROR;
  auto* case_map = ucasemap_open("", 0, &icu_code);
  if (U_FAILURE(icu_code)) return fail(ErrorKind::internal, std::string("ICU cannot be used: ") + u_errorName(icu_code));
  const int lowers =
      sqlite3_create_function_v2(handle_.get(), "lower", 1, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, case_map,
                                 lower, nullptr, nullptr, forget_case_map);
  if (lowers != SQLITE_OK) return failure("");
  if (access == Access::read) return {};
  for (const auto setting : writer_settings)
    if (auto set = execute(setting); !set) return set;
  return {};
}

Result<std::int64_t> SqliteConnection::run(std::string_view sql, const Params& params, const Statements::RowSink& sink) {
  auto statement = prepared(sql);
  if (!statement) return std::unexpected(std::move(statement.error()));
  Execution execution(*statement);
  if (execution.bind(params) == SQLITE_RANGE)
    return fail(ErrorKind::internal, fmt::format("{} values do not fit the parameters of: {}", params.size(), sql));
  Result<void> refused;
  const int code = execution.step_all(sink, refused);
  if (!refused) return std::unexpected(std::move(refused.error()));
  if (code != SQLITE_DONE) return failure(sql);
  return sqlite3_stmt_readonly(*statement) != 0 ? 0 : sqlite3_changes64(handle_.get());
}

Result<void> SqliteConnection::execute(std::string_view sql) {
  auto done = run(sql, {}, [](const RowReader&) { return Result<void>(); });
  if (!done) return std::unexpected(std::move(done.error()));
  return {};
}

Result<void> SqliteConnection::become(SqliteConnection& other) {
  constexpr int all_pages = -1;
  auto* copying = sqlite3_backup_init(handle_.get(), "main", other.handle_.get(), "main");
  if (copying == nullptr) return failure("");
  sqlite3_backup_step(copying, all_pages);  // what went wrong is told at the end
  if (sqlite3_backup_finish(copying) != SQLITE_OK) return failure("");
  return {};
}

// The header of the wal-index, which every reader compares when it begins (https://sqlite.org/walformat.html section 2.1). A
// commit may be writing it at this moment: what is read then is like no header that was whole.
__attribute__((no_sanitize("thread"))) SqliteConnection::LogState SqliteConnection::log_state() const {
  constexpr int region_bytes = 32 * 1024;
  LogState state{};
  sqlite3_file* file = nullptr;
  sqlite3_file_control(handle_.get(), "main", SQLITE_FCNTL_FILE_POINTER, static_cast<void*>(&file));
  if (file == nullptr || file->pMethods == nullptr || file->pMethods->iVersion < 2) return state;
  void volatile* region = nullptr;
  if (file->pMethods->xShmMap(file, 0, region_bytes, 0, &region) != SQLITE_OK || region == nullptr) return state;
  const auto* header = static_cast<const std::uint32_t volatile*>(region);
  for (std::size_t at = 0; at < state.size(); ++at) state[at] = header[at];
  return state;
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

bool SqliteConnection::lost_sync() const {
  const int code = sqlite3_extended_errcode(handle_.get());
  return code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC;
}

Result<sqlite3_stmt*> SqliteConnection::prepared(std::string_view sql) {
  if (const auto found = by_sql_.find(sql); found != by_sql_.end()) {
    prepared_.splice(prepared_.begin(), prepared_, found->second);
    return found->second->handle.get();
  }
  auto handle = prepare(sql);
  if (!handle) return std::unexpected(std::move(handle.error()));
  if (prepared_.size() == prepared_max) {
    by_sql_.erase(prepared_.back().sql);
    prepared_.pop_back();
  }
  prepared_.push_front({std::string(sql), *std::move(handle)});
  by_sql_.emplace(prepared_.front().sql, prepared_.begin());
  return prepared_.front().handle.get();
}

Result<std::unique_ptr<sqlite3_stmt, SqliteConnection::Finalize>> SqliteConnection::prepare(std::string_view sql) {
  const auto text = expand(Dialect::sqlite, sql);
  sqlite3_stmt* raw = nullptr;
  const char* rest = nullptr;
  const int code = sqlite3_prepare_v3(handle_.get(), text.c_str(), static_cast<int>(text.size()) + 1, SQLITE_PREPARE_PERSISTENT,
                                      &raw, &rest);
  std::unique_ptr<sqlite3_stmt, Finalize> statement(raw);
  if (code != SQLITE_OK) return failure(sql);
  if (statement == nullptr || !is_blank(rest))
    return fail(ErrorKind::internal, fmt::format("not exactly one statement: {}", sql));
  return statement;
}

std::unexpected<Error> SqliteConnection::failure(std::string_view sql) const {
  return std::unexpected(sqlite_error(handle_.get(), sql));
}

}  // namespace kinora
