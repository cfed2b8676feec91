#include "adapters/database/sqlite/errors.hpp"

#include <fmt/core.h>
#include <sqlite3.h>

namespace kinora {

Error sqlite_error(sqlite3* connection, std::string_view sql) {
  const int code = sqlite3_extended_errcode(connection);
  const std::string message = sqlite3_errmsg(connection);
  switch (code & 0xff) {
    case SQLITE_CONSTRAINT: return {ErrorKind::conflict, message};
    case SQLITE_FULL: return {ErrorKind::unavailable, "the disk of the database is full", "storage_full"};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorKind::unavailable, "another program holds the database: " + message};
    case SQLITE_IOERR: return {ErrorKind::unavailable, fmt::format("the database's disk failed ({} {})", message, code)};
    case SQLITE_CANTOPEN:
    case SQLITE_PERM: return {ErrorKind::unavailable, message};
    case SQLITE_NOMEM: return {ErrorKind::unavailable, "out of memory in the database"};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return {ErrorKind::internal, "the database file is damaged (" + message + "); restore a backup"};
    case SQLITE_READONLY: return {ErrorKind::internal, fmt::format("a read tried to write, or the file is read-only: {}", sql)};
    default: return {ErrorKind::internal, fmt::format("{} ({}) in: {}", message, code, sql)};
  }
}

}  // namespace kinora
