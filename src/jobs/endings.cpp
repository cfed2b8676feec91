#include <algorithm>

#include "base/deadline.hpp"
#include "base/failpoints.hpp"
#include "jobs/audit.hpp"
#include "jobs/cron_store.hpp"
#include "jobs/dead_letters.hpp"
#include "jobs/held.hpp"
#include "jobs/running.hpp"

/// How attempts end: what becomes of the job, and how that is written.
namespace kinora::jobs {

namespace {

JobError told(const Error& error) {
  return {error.code.empty() ? std::string(name_of(error.kind)) : error.code, error.message};
}

bool may_pass(const Error& error) { return error.kind == ErrorKind::unavailable || error.kind == ErrorKind::timeout; }

/// Which outcome has an error, and which.
const Error* error_in(const Outcome& outcome) {
  if (const auto* retry = std::get_if<Retry>(&outcome)) return &retry->error;
  if (const auto* fail = std::get_if<Fail>(&outcome)) return &fail->error;
  if (const auto* snooze = std::get_if<Snooze>(&outcome); snooze != nullptr && snooze->reason) return &*snooze->reason;
  return nullptr;
}

}  // namespace

Task<Result<void>> Queue::end_in_one_transaction(Transaction tx, Job job, Ending ending, std::shared_ptr<Finish> finish,
                                                 Observer* observer) {
  co_await ok(end_held(tx, job.id, job.fence, ending, std::move(finish)));
  job.state = ending.state;
  job.result = std::move(ending.result);
  job.error = std::move(ending.error);
  if (!is_live(job.state)) co_return co_await ended(tx, std::move(job), observer);
  if (observer != nullptr && job.error && job.state == State::snoozed) co_await ok(observer->on_waiting(tx, std::move(job)));
  co_return {};
}

Task<Result<void>> Queue::finish(std::shared_ptr<Running> running, Outcome outcome) {
  const auto& job = running->attempt->job;
  auto ending = ending_of(outcome, job);
  auto* done = std::get_if<Done>(&outcome);
  auto written = co_await write_end(job, ending, done != nullptr ? done->finish : nullptr);
  if (!written && written.error().code == lease_lost) co_return written;
  if (!written) {
    // What it made cannot be written. Unsaid, the end would be taken for that of a server that died.
    ending = ending_of(outcome_of(std::move(written.error())), job);
    co_await ok(write_end(job, ending, nullptr));
  }
  log_failure(job, ending);
  may_end("jobs.ended");
  count(*running, ending.state);
  // An earlier attempt, or a server that died, may have left one. To look takes a microsecond, a turn at the pool fifty.
  std::error_code ignored;
  const bool has_scratch = std::filesystem::exists(running->attempt->scratch, ignored);
  if (!is_live(ending.state) && has_scratch) co_await ok(on(files_, remove_folder, running->attempt->scratch));
  co_return {};
}

void Queue::log_failure(const Job& job, const Ending& ending) {
  if (!ending.error) return;
  const bool is_over = ending.state == State::failed;
  log_.warning(
      is_over ? "job failed" : "job will be tried again",
      {{"job", job.id.text()}, {"kind", job.kind}, {"attempt", std::int64_t{job.attempts}}, {"error", ending.error->message}});
}

// Who deletes a video ends its jobs: what they made is not wanted, and nothing is wrong.
void Queue::log_unwritten(const Job& job, const Error& error) {
  const auto level = error.code == lease_lost ? LogLevel::info : LogLevel::error;
  log_.write(level, "job end not written", {{"job", job.id.text()}, {"kind", job.kind}, {"error", error.message}});
}

// While the database cannot take it, what was done is not thrown away: the heartbeat holds the job, and ends this when it
// cannot.
Task<Result<void>> Queue::write_end(Job job, Ending ending, std::shared_ptr<Finish> finish) {
  const auto caller = Caller::system(job.id.text());
  while (true) {
    auto written = may_fail("jobs.finish");
    if (written) written = co_await database_.transact(caller, end_in_one_transaction, job, ending, finish, observer_);
    if (written || !may_pass(written.error())) co_return written;
    // Where a result finds no room on the disk, the few bytes that say so may.
    if (finish != nullptr && is_of_storage(written.error().code)) co_return written;
    log_.warning("the end of a job waits to be written", {{"job", job.id.text()}, {"error", written.error().message}});
    co_await ok(pause_for(settings_.beat));
  }
}

Task<Result<void>> Queue::ended(Transaction tx, Job job, Observer* observer) {
  co_await ok(end_cron_run(tx, job));
  if (job.state == State::failed) co_await ok(put_letter(tx, job));
  if (observer != nullptr) co_await ok(observer->on_finished(tx, std::move(job)));
  co_return {};
}

Ending Queue::ending_of(const Outcome& outcome, const Job& job) {
  if (const auto* done = std::get_if<Done>(&outcome)) return {.state = State::succeeded, .result = done->result};
  if (std::holds_alternative<Cancelled>(outcome)) return {.state = State::cancelled};
  const auto* error = error_in(outcome);
  if (const auto* snooze = std::get_if<Snooze>(&outcome))
    return {.state = State::snoozed, .error = error ? std::optional(told(*error)) : std::nullopt, .delay = snooze->time};
  const bool again = std::holds_alternative<Retry>(outcome) && job.attempts < job.max_attempts;
  if (!again) return {.state = State::failed, .error = told(*error)};
  return {.state = State::retry_wait, .error = told(*error), .delay = back_off(job.attempts)};
}

// 1 s, 4 s, 16 s ... up to 5 min, each a fifth more or less, so that what failed together does not return together.
std::chrono::milliseconds Queue::back_off(int attempts) {
  constexpr std::chrono::milliseconds longest = 5min;
  const auto plain = std::min(longest, std::chrono::milliseconds(1000LL << std::min(2 * (attempts - 1), 20)));
  std::array<std::byte, 1> dice{};
  random_.fill(dice);
  return plain * (80 + std::to_integer<int>(dice[0]) * 40 / 255) / 100;
}

void Queue::count(const Running& running, State state) {
  static const std::vector<double> bounds_seconds{0.01, 0.1, 1, 10, 60, 600, 3600};
  if (settings_.metrics == nullptr) return;
  const auto& kind = running.attempt->job.kind;
  const std::chrono::duration<double> time = std::chrono::steady_clock::now() - running.begun;
  settings_.metrics
      ->counter("kinora_job_attempts_total", "Attempts that have ended, by what became of the job.",
                {{"kind", kind}, {"state", std::string(name_of(state))}})
      .add(1);
  settings_.metrics->histogram("kinora_job_attempt_seconds", "How long attempts took.", {{"kind", kind}}, bounds_seconds)
      .observe(time.count());
}

}  // namespace kinora::jobs
