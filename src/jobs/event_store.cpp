#include "jobs/event_store.hpp"

namespace kinora::jobs {

namespace {

// Behind all that wait for their positions, also when the clock was set back or has not moved.
constexpr Sql insert_outbox_row{R"sql(
  INSERT INTO outbox_events (id, topic, user_id, subject_id, payload, created_at)
  SELECT $1, $2, $3, $4, $5, CASE WHEN now > last THEN now ELSE last + 1 END
  FROM (SELECT db_now() AS now, COALESCE(MAX(created_at), 0) AS last FROM outbox_events WHERE published_at IS NULL) AS times)sql"};
constexpr Sql unpublished{R"sql(
  SELECT id, topic, user_id, subject_id, payload, created_at FROM outbox_events WHERE published_at IS NULL
  ORDER BY created_at, id LIMIT $1)sql"};
constexpr Sql last_position{R"sql(SELECT COALESCE(MAX(position), 0) FROM events)sql"};
constexpr Sql insert_event{R"sql(
  INSERT INTO events (position, id, type, user_id, subject_id, data, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7))sql"};
constexpr Sql mark_published{R"sql(UPDATE outbox_events SET published_at = db_now(), position = $2 WHERE id = $1)sql"};
constexpr Sql of_user{R"sql(
  SELECT position, id, type, user_id, subject_id, data, created_at FROM events
  WHERE user_id = $2 AND position > $1 ORDER BY position LIMIT $3)sql"};
constexpr Sql of_subject{R"sql(
  SELECT position, id, type, user_id, subject_id, data, created_at FROM events
  WHERE subject_id = $2 AND position > $1 ORDER BY position LIMIT $3)sql"};
constexpr Sql ends{R"sql(SELECT COALESCE(MIN(position), 1), COALESCE(MAX(position), 0) FROM events)sql"};

struct OutboxRow {
  EventId id{};
  std::string topic{};
  std::optional<UserId> user{};
  EventId subject{};
  std::string payload{};
  Time created_at{};
};
struct EventRow {
  std::int64_t position = 0;
  EventId id{};
  std::string type{};
  std::optional<UserId> user{};
  EventId subject{};
  std::string data{};
  Time created_at{};
};

}  // namespace

Task<Result<void>> insert_outbox(Transaction tx, EventId id, NewEvent event) {
  co_await ok(
      tx.change(insert_outbox_row, id, std::move(event.topic), event.user, EventId{event.subject}, std::move(event.data)));
  co_return {};
}

Task<Result<std::vector<Concern>>> move_to_log(Transaction tx, std::int64_t limit) {
  std::vector<Concern> moved;
  const auto waiting = co_await ok(tx.all<OutboxRow>(unpublished, limit));
  auto position = waiting.empty() ? 0 : co_await ok(tx.one<std::int64_t>(last_position));
  for (const auto& row : waiting) {
    co_await ok(tx.change(insert_event, ++position, row.id, row.topic, row.user, row.subject, row.payload, row.created_at));
    co_await ok(tx.change(mark_published, row.id, position));
    moved.push_back({row.user, row.subject.uuid});
  }
  co_return moved;
}

Task<Result<std::vector<LoggedEvent>>> events_after(Transaction tx, EventQuery query) {
  std::vector<LoggedEvent> events;
  auto rows = query.subject ? co_await ok(tx.all<EventRow>(of_subject, query.position, EventId{*query.subject}, query.limit))
                            : co_await ok(tx.all<EventRow>(of_user, query.position, query.user, query.limit));
  for (auto& row : rows)
    events.push_back(
        {row.position, row.id, std::move(row.type), row.user, row.subject.uuid, std::move(row.data), row.created_at});
  co_return events;
}

Task<Result<LogEnds>> log_ends(Transaction tx) { return tx.one<LogEnds>(ends); }

}  // namespace kinora::jobs
