#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"

namespace kinora {

/// `sqlite:<path>`, `sqlite://<path>` or a bare path. The file is made when absent, its folder is not. `clock` and `log`
/// outlive the database. Errors: unsupported (another scheme), invalid (no path), unavailable (the file cannot be opened).
Result<std::unique_ptr<Database>> open_database(std::string url_or_path, const Clock& clock, Log& log);

/// Whether it has been made. A URL of another scheme names none.
bool database_exists(std::string url_or_path);

/// Makes `to` what the database is at one moment, also while others use it. What `to` held before stays until all of it is
/// there and durable. Reads all of it, blocks. Errors: as above; not_found (no such database), unavailable (busy, no room).
Result<void> copy_database(std::string url_or_path, std::string to, const Clock& clock);

/// What the engine itself finds wrong with its files, a sentence each; none when they are whole. Reads all of it, blocks.
/// Errors: as above; not_found (no such file: it is not made), unavailable (too damaged to be read).
Result<std::vector<std::string>> examine_database(std::string url_or_path, const Clock& clock);

}  // namespace kinora
