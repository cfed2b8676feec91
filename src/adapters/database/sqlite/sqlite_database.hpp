#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"

namespace kinora {

/// A file in WAL mode: one writer thread, readers beside it. Destroyed after every fiber that uses it has ended.
Result<std::unique_ptr<Database>> open_sqlite_database(std::filesystem::path file, const Clock& clock, Log& log);

/// Where Database::migrate() keeps what a database was before its last change of schema.
std::filesystem::path copy_before_migration(std::filesystem::path file);

/// See copy_database().
Result<void> copy_sqlite_database(std::filesystem::path from, std::filesystem::path to, const Clock& clock);

/// SQLite's own integrity check: each of its complaints.
Result<std::vector<std::string>> examine_sqlite_database(std::filesystem::path file, const Clock& clock);

}  // namespace kinora
