#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/sync.hpp"
#include "jobs/queue.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"

namespace kinora::jobs {

/// Something that happened, told in the transaction in which it did.
struct NewEvent {
  std::string topic;  ///< video.deleted
  Uuid subject{};
  std::optional<UserId> user{};  ///< whose affair it is: who may hear of it
  std::string data = "{}";       ///< JSON
};

/// An event with its place in the one order that everybody sees.
struct LoggedEvent {
  std::int64_t position = 0;  ///< gapless, given after commit
  EventId id{};
  std::string type;
  std::optional<UserId> user{};
  Uuid subject{};
  std::string data;
  Time created_at{};
};

/// A handler is a job kind: each event of the topic becomes one job, in the publisher's transaction, so it cannot be lost.
struct Handler {
  std::string topic;
  std::string job_kind;
};

/// What a handler's job is given.
struct EventArgs {
  EventId event{};
  std::string subject;  ///< canonical UUID
};

/// The one log of events (transactional outbox). Any thread.
class EventLog {
 public:
  EventLog(Queue& queue, Database& database, Clock& clock, Random& random, Log& log)
      : queue_(queue), database_(database), clock_(clock), random_(random), log_(log) {}

  /// Before the first publish().
  void add_handlers(std::vector<Handler> handlers);

  /// One outbox row and one job per handler, all with `tx`.
  Task<Result<void>> publish(Transaction tx, NewEvent event);

  /// Gives committed events their positions, in order, until its fiber is stopped. One at a time per database.
  Task<void> relay();

  /// Events behind `position`, at most `limit`.
  Task<Result<std::vector<LoggedEvent>>> after(Caller caller, std::int64_t position, std::int64_t limit);

 private:
  Task<Result<std::int64_t>> relay_batch();

  Queue& queue_;
  Database& database_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  std::vector<Handler> handlers_;
  Signal committed_;
};

}  // namespace kinora::jobs
