#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "base/caller.hpp"
#include "base/json.hpp"
#include "jobs/job.hpp"
#include "jobs/outcome.hpp"
#include "ports/database.hpp"

namespace kinora::jobs {

/// Fails with conflict when the attempt no longer holds the job: the first statement of everything a worker writes.
inline constexpr auto lease_lost = "lease_lost";
Task<Result<void>> hold_lease(Transaction tx, JobId id, std::int64_t fence);

namespace detail {

template <class T, class... Args>
Task<Result<T>> fenced(Transaction tx, JobId id, std::int64_t fence, Task<Result<T>> (*body)(Transaction, Args...),
                       std::decay_t<Args>... args) {
  co_await ok(hold_lease(tx, id, fence));
  co_return co_await body(tx, std::move(args)...);
}

}  // namespace detail

/// What a worker knows about the attempt it runs. A cheap handle; any thread.
class Context {
 public:
  /// One running attempt; owned by the queue and by every Context of it.
  struct Attempt {
    Job job;
    std::filesystem::path scratch;
    std::atomic<double> progress = 0;
    std::atomic<bool> uses_scratch = false;
  };
  Context(std::shared_ptr<Attempt> attempt, Database& database) : attempt_(std::move(attempt)), database_(&database) {}

  const Job& job() const { return attempt_->job; }
  /// A folder of this job alone, made when it is first asked for; it outlives a failed attempt, so a retry can go on, and goes
  /// with the job's end. Where it cannot be made, opening a file in it tells.
  const std::filesystem::path& scratch() const {
    std::error_code told_later;
    if (!attempt_->uses_scratch.exchange(true)) std::filesystem::create_directories(attempt_->scratch, told_later);
    return attempt_->scratch;
  }
  /// 0..1; shown within seconds, written with the next heartbeat.
  void progress(double fraction) const { attempt_->progress.store(fraction, std::memory_order_relaxed); }
  std::function<void(double)> progress_sink() const {
    return [attempt = attempt_](double fraction) { attempt->progress.store(fraction, std::memory_order_relaxed); };
  }
  Caller caller() const { return Caller::system(attempt_->job.id.text()); }

  /// A transaction in the middle of the work; refused when the lease is lost.
  template <class T, class... Args, class... Given>
  Task<Result<T>> write(Task<Result<T>> (*body)(Transaction, Args...), Given... given) const {
    return database_->transact(caller(), &detail::fenced<T, Args...>, attempt_->job.id, attempt_->job.fence, body,
                               std::move(given)...);
  }

 private:
  std::shared_ptr<Attempt> attempt_;
  Database* database_;
};

/// One kind of job, as module.cpp lists it.
struct WorkerKind {
  std::string kind;
  Lane lane = Lane::light;
  std::chrono::seconds time_limit{3600};
  std::function<Task<Outcome>(Context)> work;
};

/// A job whose arguments this binary cannot read.
Task<Outcome> refuse(Error error);

/// `struct Args { static constexpr std::string_view kind; ... }` with `Task<Outcome> Worker::work(Context, Args)`. Shared,
/// because the queue copies the entry and attempts run side by side.
template <class Args, class Worker>
WorkerKind worker(std::shared_ptr<Worker> worker, Lane lane, std::chrono::seconds time_limit) {
  auto work = [worker = std::move(worker)](Context context) -> Task<Outcome> {
    auto args = from_json_text<Args>(context.job().args);
    return args ? worker->work(std::move(context), *std::move(args)) : refuse(std::move(args.error()));
  };
  return {std::string(Args::kind), lane, time_limit, work};
}

}  // namespace kinora::jobs
