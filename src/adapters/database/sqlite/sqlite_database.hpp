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

/// SQLite's own integrity check: each of its complaints.
Result<std::vector<std::string>> examine_sqlite_database(std::filesystem::path file, const Clock& clock);

}  // namespace kinora
