#include "jobs/event_log.hpp"

#include <algorithm>

#include "base/deadline.hpp"
#include "base/failpoints.hpp"
#include "base/json.hpp"
#include "jobs/event_store.hpp"

namespace kinora::jobs {

namespace {

constexpr std::int64_t batch_size = 100;
// Commits wake the relay; the poll only finds what another node left behind.
constexpr auto poll = 5s;

Task<Result<void>> wait_for(Signal& signal) {
  co_await ok(signal.wait());
  co_return {};
}

}  // namespace

void EventLog::add_handlers(std::vector<Handler> handlers) { std::ranges::move(handlers, std::back_inserter(handlers_)); }

Task<Result<void>> EventLog::publish(Transaction tx, NewEvent event) {
  const auto id = random_.id<EventId>(clock_);
  for (const auto& handler : handlers_) {
    if (handler.topic != event.topic) continue;
    NewJob job{.kind = handler.job_kind,
               .subject = {"event", id.uuid},
               .args = to_json(EventArgs{id, event.subject.canonical()}),
               .user = event.user,
               .unique_key = id.canonical() + ":" + handler.job_kind};
    co_await ok(queue_.add(tx, std::move(job)));
  }
  tx.on_commit([this] { committed_.notify(); });
  co_await ok(insert_outbox(tx, id, std::move(event)));
  co_return may_fail("events.publish");
}

Task<void> EventLog::relay() {
  Fiber& fiber = co_await this_fiber;
  while (!fiber.stopped) {
    const auto more = co_await relay_batch();
    if (!more && !fiber.stopped) log_.error("events not relayed", {{"error", more.error().message}});
    if (more && *more) continue;
    static_cast<void>(co_await within(poll, wait_for(committed_)));
  }
}

/// Whether there may be more.
Task<Result<bool>> EventLog::relay_batch() {
  co_await ok(may_fail("events.relay"));
  const auto moved = co_await ok(database_.transact(Caller::system("relay"), move_to_log, batch_size));
  if (!moved.empty()) may_end("events.relayed");
  for (const auto& [user, subject] : moved) {
    if (live_ == nullptr) break;
    if (user) live_->publish(user->canonical(), {std::string(log_grew)});
    live_->publish(subject.canonical(), {std::string(log_grew)});
  }
  co_return std::ssize(moved) == batch_size;
}

Task<Result<std::vector<LoggedEvent>>> EventLog::after(Caller caller, EventQuery query) {
  return database_.read(std::move(caller), events_after, query);
}

Task<Result<LogEnds>> EventLog::ends(Caller caller) { return database_.read(std::move(caller), log_ends); }

}  // namespace kinora::jobs
