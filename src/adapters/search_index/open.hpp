#pragma once

#include <filesystem>
#include <memory>

#include "base/log.hpp"
#include "base/pool.hpp"
#include "ports/search_index.hpp"

namespace kinora {

/// The index of one node in one folder: `search.db` (SQLite) with words and texts, `vectors.<generation>.bin` with quantised
/// vectors. A damaged index, or one of an older format, is removed and made anew, empty; missing() then tells its owner what to
/// put in again. `pool` and `log` must outlive it. Errors: unavailable (disk full or failing, pool full), invalid (vectors that
/// are none), internal (damaged while it was in use).
Result<std::unique_ptr<SearchIndex>> open_embedded_search_index(std::filesystem::path folder, Pool& pool, Log& log);

}  // namespace kinora
