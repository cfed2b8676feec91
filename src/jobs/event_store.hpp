#pragma once

#include <vector>

#include "jobs/event_log.hpp"

/// All SQL over `outbox_events` and `events`. Every function is, or runs inside, a transaction body.
namespace kinora::jobs {

Task<Result<void>> insert_outbox(Transaction tx, EventId id, NewEvent event);
/// Moves up to `limit` unpublished events, oldest first, behind the last position; yields how many.
Task<Result<std::int64_t>> move_to_log(Transaction tx, std::int64_t limit);
Task<Result<std::vector<LoggedEvent>>> events_after(Transaction tx, std::int64_t position, std::int64_t limit);

}  // namespace kinora::jobs
