#include <algorithm>

#include "jobs/own_jobs.hpp"
#include "jobs/queue.hpp"

/// What people and modules may ask of jobs that are there: look, cancel, have them run again.
namespace kinora::jobs {

namespace {

std::unexpected<Error> no_such_job(JobId id) { return fail(ErrorKind::not_found, "there is no job " + id.text()); }

bool may_see_all(const Caller& caller) { return caller.kind == Caller::Kind::system || caller.is_admin(); }

bool may_see(const Caller& caller, const Job& job) {
  return may_see_all(caller) || (caller.is_person() && job.user == caller.user);
}

bool may_run_again(State state) { return state == State::failed || state == State::cancelled; }

Task<Result<Job>> get_job(Transaction tx, JobId id) {
  auto job = co_await ok(find_job(tx, id));
  if (!job) co_return no_such_job(id);
  co_return *std::move(job);
}

Task<Result<Job>> with_time_left(Transaction tx, Job job, Time now) {
  if (job.state == State::running) job.eta = time_left(job, now, co_await ok(usual_time(tx, job.kind)));
  co_return job;
}

Task<Result<std::vector<Job>>> read_jobs(Transaction tx, JobQuery query, Time now) {
  auto jobs = co_await ok(list_jobs(tx, std::move(query)));
  for (auto& job : jobs) job = co_await ok(with_time_left(tx, std::move(job), now));
  co_return jobs;
}

Task<Result<std::optional<Job>>> read_job(Transaction tx, JobId id, Time now) {
  auto job = co_await ok(find_job(tx, id));
  if (!job) co_return std::optional<Job>();
  co_return std::optional<Job>(co_await ok(with_time_left(tx, *std::move(job), now)));
}

Task<Result<JobId>> add_replay(Transaction tx, Queue* queue, std::string kind, UserId admin) {
  NewJob job{.kind = std::string(ReplayAll::kind),
             .subject = {"job_kind", {}},
             .args = to_json(ReplayAll{kind}),
             .user = admin,
             .unique_key = std::string(ReplayAll::kind) + ":" + kind};
  const auto id = co_await ok(queue->add(tx, std::move(job)));
  co_await ok(tx.made(id));
  co_return id;
}

}  // namespace

std::optional<std::chrono::seconds> time_left(const Job& job, Time now, std::optional<std::chrono::microseconds> usual) {
  // Before that, progress says more about how a stage begins than about how it goes on.
  constexpr double telling = 0.05;
  if (job.state != State::running) return std::nullopt;
  const auto elapsed = std::max(now - job.started_at.value_or(job.created_at), std::chrono::microseconds(0));
  std::optional<std::chrono::microseconds> left;
  if (usual) left = *usual - elapsed;
  if (job.progress >= telling)
    left = std::chrono::duration_cast<std::chrono::microseconds>(elapsed * ((1 - job.progress) / job.progress));
  if (!left || *left < std::chrono::microseconds(0)) return std::nullopt;
  return std::chrono::ceil<std::chrono::seconds>(*left);
}

Task<Result<std::optional<Job>>> Queue::find(Caller caller, JobId id) {
  auto job = co_await ok(database_.read(caller, read_job, id, clock_.now()));
  if (job && !may_see(caller, *job)) job.reset();
  co_return job;
}

Task<Result<std::vector<Load>>> Queue::load(Caller caller) { return database_.scan(caller, live_load); }

Task<Result<std::vector<Job>>> Queue::list(Caller caller, JobQuery query) {
  if (!may_see_all(caller)) query.user = caller.user;
  return database_.scan(caller, read_jobs, std::move(query), clock_.now());
}

Task<Result<Job>> Queue::cancel(Caller caller, JobId id) {
  if (!co_await ok(find(caller, id))) co_return no_such_job(id);
  co_return co_await database_.transact(caller, cancel_tree_of, this, id);
}

Task<Result<Job>> Queue::cancel_tree_of(Transaction tx, Queue* self, JobId id) {
  auto job = co_await ok(get_job(tx, id));
  if (!is_live(job.state))
    co_return fail(ErrorKind::conflict, "the job " + id.text() + " is over: " + std::string(name_of(job.state)));
  auto ids = co_await ok(cancel_jobs(tx, id));
  tx.on_commit([self, ids = std::move(ids)] { self->stop_attempts_of(ids); });
  job.state = State::cancelled;
  co_await ok(ended(tx, job, self->observer_));
  co_return co_await get_job(tx, id);
}

Task<Result<Job>> Queue::retry(Caller caller, JobId id) {
  if (!co_await ok(find(caller, id))) co_return no_such_job(id);
  co_return co_await database_.transact(caller, run_again, this, id);
}

Task<Result<Job>> Queue::run_again(Transaction tx, Queue* self, JobId id) {
  const auto job = co_await ok(get_job(tx, id));
  if (!may_run_again(job.state))
    co_return fail(ErrorKind::conflict,
                   "only a failed or cancelled job runs again; " + id.text() + " is " + std::string(name_of(job.state)));
  co_await ok(note_replayed(tx, id));
  if (self->observer_ != nullptr)
    if (const auto other = co_await ok(self->observer_->on_retry(tx, job))) co_return co_await get_job(tx, *other);
  if (self->worker_of(job.kind) == nullptr)
    co_return fail(ErrorKind::conflict, "nobody works on jobs of the kind " + job.kind + " any more");
  co_await ok(queue_again(tx, id));
  co_await ok(tx.made(id));
  tx.on_commit([self, lane = job.lane] { self->wake(lane); });
  co_return co_await get_job(tx, id);
}

Task<Result<std::vector<DeadLetter>>> Queue::dead_letters(Caller caller, Time before, DeadLetterId before_id,
                                                          std::int64_t limit) {
  return database_.read(caller, letters_before, before, before_id, limit);
}

Task<Result<Job>> Queue::replay_all(Caller caller, std::string kind) {
  if (worker_of(kind) == nullptr) {
    const auto message = "nobody works on jobs of the kind " + kind;
    co_return std::unexpected(Error{ErrorKind::invalid, message, {}, {{"/body/kind", "unknown", message}}});
  }
  const auto id = co_await ok(database_.transact(caller, add_replay, this, std::move(kind), caller.user));
  co_return co_await ok(database_.read(caller, get_job, id));
}

Task<Result<void>> Queue::forget_dead_letter(Caller caller, DeadLetterId id) {
  const bool was_there = co_await ok(database_.transact(caller, delete_letter, id));
  if (!was_there) co_return fail(ErrorKind::not_found, "there is no dead letter " + id.text());
  co_return {};
}

}  // namespace kinora::jobs
