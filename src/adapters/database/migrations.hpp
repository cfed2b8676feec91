#pragma once

#include <functional>
#include <vector>

#include "base/log.hpp"
#include "ports/database.hpp"

namespace kinora {

/// Database::migrate() for every adapter: the port's own steps, then `given`, all that are missing in one transaction together
/// with their rows in schema_migrations. Nothing runs when any recorded step has another text now, or when the database is
/// newer than this program (both conflict). Two programs that start at once take turns. Before the first change to a database
/// that has been used, `keep_copy` is called; when it fails, nothing is changed.
Task<Result<void>> run_migrations(Database& database, Log& log, std::vector<Migration> given,
                                  std::function<Result<void>()> keep_copy);

}  // namespace kinora
