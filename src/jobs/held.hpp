#pragma once

#include <memory>

#include "jobs/outcome.hpp"
#include "jobs/store.hpp"

namespace kinora::jobs {

/// Ends an attempt that still holds its job, and writes what it leaves behind, all in this transaction. Errors: conflict
/// (lease_lost).
Task<Result<void>> end_held(Transaction tx, JobId id, std::int64_t fence, Ending ending, std::shared_ptr<Finish> results);

}  // namespace kinora::jobs
