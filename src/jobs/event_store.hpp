#pragma once

#include <vector>

#include "jobs/event_log.hpp"

/// All SQL over `outbox_events` and `events`. Every function is, or runs inside, a transaction body.
namespace kinora::jobs {

Task<Result<void>> insert_outbox(Transaction tx, EventId id, NewEvent event);
/// Whom a logged event concerns.
struct Concern {
  std::optional<UserId> user{};
  Uuid subject{};
};
/// Moves up to `limit` unpublished events, oldest first, behind the last position; yields one entry for each.
Task<Result<std::vector<Concern>>> move_to_log(Transaction tx, std::int64_t limit);
Task<Result<std::vector<LoggedEvent>>> events_after(Transaction tx, EventQuery query);
Task<Result<LogEnds>> log_ends(Transaction tx);

}  // namespace kinora::jobs
