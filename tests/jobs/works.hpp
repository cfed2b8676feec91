#pragma once

#include "tests/jobs/node.hpp"

/// What the jobs of these tests do.
namespace kinora::testing {

inline Task<jobs::Outcome> always(Counter& tries, jobs::Outcome outcome) {
  tries.add();
  co_return outcome;
}

inline Task<jobs::Outcome> snooze_then_finish(Counter& tries, jobs::Context) {
  tries.add();
  if (tries.now() == 1) co_return jobs::Snooze{30s};
  co_return jobs::done();
}

inline Result<void> no_room() { return fail(ErrorKind::unavailable, "no room", "storage_full"); }

inline Task<jobs::Outcome> find_the_disk_bad(Counter& tries, int times, std::string code) {
  tries.add();
  if (tries.now() > times) co_return jobs::done();
  co_return jobs::outcome_of({ErrorKind::unavailable, "no room", std::move(code)});
}

inline Task<Result<void>> write_where_no_room_is(Transaction) { co_return no_room(); }

inline Task<jobs::Outcome> leave_results_that_find_no_room_at_first(Counter& tries) {
  tries.add();
  co_return tries.now() == 1 ? jobs::done(write_where_no_room_is) : jobs::done();
}

inline Task<jobs::Outcome> wait_for(Event& event, Counter* begun = nullptr, Counter* ended = nullptr) {
  if (begun != nullptr) begun->add();
  const auto come = co_await event.wait();
  if (ended != nullptr) ended->add();
  co_return come ? jobs::done() : jobs::outcome_of(come.error());
}

/// As a process that is stopped by SIGSTOP and goes on later: it does not notice that time has passed.
inline Task<jobs::Outcome> wait_then_note(Event& wakes, Counter& steps, jobs::Context context) {
  const auto id = context.job().id;
  steps.add();
  static_cast<void>(co_await wakes.wait());
  steps.add();
  co_return jobs::done(note, id, std::string("too late"));
}

/// Hangs at its first try; at the second it notes whether the first one had ended by then.
inline Task<jobs::Outcome> hang_once(Event& never, Counter& begun, Counter& ended, jobs::Context context) {
  begun.add();
  const auto id = context.job().id;
  if (context.job().fence > 1) co_return jobs::done(note, id, std::string(ended.now() == 1 ? "alone" : "beside another"));
  static_cast<void>(co_await never.wait());
  ended.add();
  co_return jobs::done(note, id, std::string("too late"));
}

inline Task<Result<std::vector<std::string>>> notes_of(Transaction tx, JobId job) {
  return tx.all<std::string>(Sql{"SELECT note FROM ledger WHERE job_id = $1 ORDER BY note"}, job);
}

inline Task<Result<JobId>> open_group(Transaction tx, jobs::Queue* queue, jobs::NewJob job) {
  return queue->open_group(tx, std::move(job));
}
inline Task<Result<void>> close_group(Transaction tx, jobs::Queue* queue, JobId id) {
  return queue->close_group(tx, id, {.state = jobs::State::succeeded});
}

inline Task<Result<std::optional<Time>>> lease_end(Transaction tx, JobId id) {
  return tx.one<std::optional<Time>>(Sql{"SELECT lease_until FROM jobs WHERE id = $1"}, id);
}
inline bool lease_reaches(World& world, JobId id, Time wanted) {
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (std::chrono::steady_clock::now() < deadline)
    if (const auto until = world.read(lease_end, id).value(); until && *until >= wanted) return true;
  return false;
}

}  // namespace kinora::testing
