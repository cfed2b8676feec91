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
#include "ports/live_bus.hpp"
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

/// Which part of the log: what is about the subject, else what is the user's affair.
struct EventQuery {
  std::int64_t position = 0;  ///< only what lies behind it
  std::optional<UserId> user{};
  std::optional<Uuid> subject{};
  std::int64_t limit = 100;
};

/// The positions that are kept; an empty log ends before it begins.
struct LogEnds {
  std::int64_t first = 1;
  std::int64_t last = 0;
};

/// The key under which the live bus is told that the log has grown. Its topics are ids as canonical UUIDs: that of the person
/// whose affair it is, and that of the subject.
inline constexpr std::string_view log_grew = "log";

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

  /// Before relay(): wakes who reads the log.
  void tell(LiveBus& live) { live_ = &live; }

  /// One outbox row and one job per handler, all with `tx`.
  Task<Result<void>> publish(Transaction tx, NewEvent event);

  /// Gives committed events their positions, in order, until its fiber is stopped. One at a time per database.
  Task<void> relay();

  /// In their order.
  Task<Result<std::vector<LoggedEvent>>> after(Caller caller, EventQuery query);
  Task<Result<LogEnds>> ends(Caller caller);

 private:
  Task<Result<bool>> relay_batch();

  Queue& queue_;
  Database& database_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  LiveBus* live_ = nullptr;
  std::vector<Handler> handlers_;
  Signal committed_;
};

}  // namespace kinora::jobs
