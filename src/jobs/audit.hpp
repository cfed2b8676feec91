#pragma once

#include <filesystem>
#include <vector>

#include "base/flaw.hpp"
#include "jobs/event_log.hpp"
#include "ports/database.hpp"

namespace kinora::jobs {

/// Whether the log has every event once and every event its handlers' jobs once, and no scratch folder has outlived its job.
/// Looks at everything; for a server that is stopped.
Task<Result<Flaws>> audit(Database& database, std::vector<Handler> handlers, std::filesystem::path scratch);

/// Scratch folders that no live job has: a crash between a job's end and the removal of its folder leaves one.
Task<Result<std::vector<std::filesystem::path>>> forgotten_scratch(Database& database, std::filesystem::path scratch);

}  // namespace kinora::jobs
