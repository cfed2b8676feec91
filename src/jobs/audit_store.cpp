#include <fmt/format.h>

#include <unordered_set>

#include "jobs/audit.hpp"

namespace kinora::jobs {

namespace {

constexpr Sql log_extent{R"sql(
  SELECT COUNT(*), COALESCE(MIN(position), 0), COALESCE(MAX(position), 0) FROM events)sql"};
// The log is kept for a shorter time than the outbox, and loses its front; times tell nothing of it when the clock was put
// back.
constexpr Sql lost_events{R"sql(
  SELECT o.id FROM outbox_events o LEFT JOIN events e ON e.id = o.id
  WHERE e.id IS NULL AND o.position >= (SELECT MIN(position) FROM events))sql"};
constexpr Sql logged_too_early{R"sql(
  SELECT e.id FROM events e JOIN outbox_events o ON o.id = e.id WHERE o.published_at IS NULL)sql"};
// A handler that a newer version brought has no jobs for the events before it.
constexpr Sql unhandled_events{R"sql(
  SELECT o.id FROM outbox_events o
  WHERE o.topic = $1 AND o.created_at >= (SELECT MIN(created_at) FROM jobs WHERE kind = $2)
    AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.subject_id = o.id AND j.kind = $2))sql"};
constexpr Sql handled_twice{R"sql(
  SELECT subject_id, kind FROM jobs WHERE subject_type = 'event' GROUP BY subject_id, kind HAVING COUNT(*) > 1)sql"};
constexpr Sql live_jobs{R"sql(
  SELECT id FROM jobs WHERE state IN ('queued', 'running', 'retry_wait', 'snoozed'))sql"};

struct Extent {
  std::int64_t count = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
};
struct Handled {
  EventId event{};
  std::string kind;
};

Task<Result<Flaws>> audit_events(Transaction tx, std::vector<Handler> handlers) {
  Flaws flaws;
  const auto add = [&](std::string what) { flaws.push_back({Flaw::Weight::lasting, std::move(what)}); };
  const auto extent = co_await ok(tx.one<Extent>(log_extent));
  if (extent.count > 0 && extent.last - extent.first + 1 != extent.count)
    add(fmt::format("the log of events has {} events at the positions {} to {}", extent.count, extent.first, extent.last));
  const auto lost = co_await ok(tx.all<EventId>(lost_events));
  for (const auto event : lost) add(fmt::format("the event {} was published, but is not in the log", event.text()));
  const auto early = co_await ok(tx.all<EventId>(logged_too_early));
  for (const auto event : early) add(fmt::format("the event {} is in the log and will be put there again", event.text()));
  for (const auto& [topic, kind] : handlers) {
    const auto unhandled = co_await ok(tx.all<EventId>(unhandled_events, topic, kind));
    for (const auto event : unhandled) add(fmt::format("the event {} ({}) has no job {}", event.text(), topic, kind));
  }
  const auto doubled = co_await ok(tx.all<Handled>(handled_twice));
  for (const auto& [event, kind] : doubled) add(fmt::format("the event {} has more than one job {}", event.text(), kind));
  co_return flaws;
}

Task<Result<std::vector<JobId>>> read_live_jobs(Transaction tx) { return tx.all<JobId>(live_jobs); }

Result<std::vector<std::filesystem::path>> folders_without(const std::filesystem::path& scratch,
                                                           const std::vector<JobId>& live) {
  std::unordered_set<std::string> expected;
  for (const auto id : live) expected.insert(id.text());
  std::vector<std::filesystem::path> found;
  std::error_code code;
  if (!std::filesystem::exists(scratch, code)) return found;
  for (std::filesystem::directory_iterator each(scratch, code), end; !code && each != end; each.increment(code))
    if (!expected.contains(each->path().filename())) found.push_back(each->path());
  if (code) return fail(ErrorKind::unavailable, "cannot list " + scratch.string() + ": " + code.message());
  return found;
}

}  // namespace

Task<Result<Flaws>> audit(Database& database, std::vector<Handler> handlers, std::filesystem::path scratch) {
  auto flaws = co_await ok(database.scan(Caller::system("audit"), audit_events, std::move(handlers)));
  const auto forgotten = co_await ok(forgotten_scratch(database, std::move(scratch)));
  for (const auto& folder : forgotten)
    flaws.push_back({Flaw::Weight::passing, "the scratch folder " + folder.string() + " has no live job"});
  co_return flaws;
}

Task<Result<std::vector<std::filesystem::path>>> forgotten_scratch(Database& database, std::filesystem::path scratch) {
  const auto live = co_await ok(database.scan(Caller::system("scratch"), read_live_jobs));
  co_return folders_without(scratch, live);
}

}  // namespace kinora::jobs
