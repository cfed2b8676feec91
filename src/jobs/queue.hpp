#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "base/metrics.hpp"
#include "base/pool.hpp"
#include "base/sync.hpp"
#include "base/task_group.hpp"
#include "jobs/cpu_budget.hpp"
#include "jobs/dead_letters.hpp"
#include "jobs/job.hpp"
#include "jobs/store.hpp"
#include "jobs/watcher.hpp"
#include "jobs/worker.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"

namespace kinora::jobs {

/// Told of each end of a job inside the transaction that ends it, so what follows from it cannot be lost.
class Observer {
 public:
  virtual ~Observer() = default;
  /// `job.state` is its last one: succeeded, failed or cancelled.
  virtual Task<Result<void>> on_finished(Transaction tx, Job job) = 0;
  /// It snoozes, and `job.error` is why; inside the transaction that says so.
  virtual Task<Result<void>> on_waiting(Transaction tx, Job job) = 0;
  /// What it waited for has come, and its attempt begins.
  virtual Task<Result<void>> on_resumed(Transaction tx, Job job) = 0;
  /// A failed or cancelled job is wanted again. Yields the job that takes its place, told as made; none: it runs again itself.
  virtual Task<Result<std::optional<JobId>>> on_retry(Transaction tx, Job job) = 0;
};

/// How long a running job will take: by its progress once that tells, else by what its kind usually takes.
std::optional<std::chrono::seconds> time_left(const Job& job, Time now, std::optional<std::chrono::microseconds> usual);

struct QueueSettings {
  std::string worker;             ///< this process, unique among nodes
  std::filesystem::path scratch;  ///< one folder per job below it
  std::map<Lane, std::size_t> slots{{Lane::light, 4}, {Lane::encode, 1}, {Lane::inference, 1}};
  std::map<Lane, std::size_t> cores{};  ///< of the CPU budget that one attempt holds: the threads of its child; absent: none
  std::size_t cores_max = 1;            ///< the budget
  std::chrono::milliseconds lease{5000};
  std::chrono::milliseconds beat{1500};
  std::chrono::milliseconds poll{5000};  ///< only the net under wakes by commit
  Metrics* metrics = nullptr;            ///< hears of attempts that end; null: nobody does
  std::function<Result<void>()> room{};  ///< asked before heavy jobs (light ones may make some); empty: there is
};

/// Durable jobs: claimed with a lease and a fencing number, renewed by a heartbeat, retried with jittered back-off. Any thread.
class Queue {
 public:
  Queue(QueueSettings settings, Database& database, Clock& clock, Random& random, Log& log);
  ~Queue();

  /// Inside a transaction: the job exists if it commits, and a sleeping lane wakes then.
  Task<Result<JobId>> add(Transaction tx, NewJob job);
  /// A job that stands for its children; it ends by close_group().
  Task<Result<JobId>> open_group(Transaction tx, NewJob job);
  Task<Result<void>> close_group(Transaction tx, JobId id, Ending ending);

  /// Their own for people, all for admins and the server itself.
  Task<Result<std::optional<Job>>> find(Caller caller, JobId id);
  Task<Result<std::vector<Job>>> list(Caller caller, JobQuery query);
  /// How many are live, by lane and state. Of the server itself, whoever asks.
  Task<Result<std::vector<Load>>> load(Caller caller);
  /// Ends a live job and its children; running attempts on this node are stopped at once, elsewhere with their next heartbeat.
  /// Errors: not_found, conflict (it is over).
  Task<Result<Job>> cancel(Caller caller, JobId id);
  /// Yields the job that runs now: this one, or the one that the observer put in its place. Errors: not_found, conflict (it is
  /// neither failed nor cancelled).
  Task<Result<Job>> retry(Caller caller, JobId id);

  /// Jobs that failed for good, newest first; for admins.
  Task<Result<std::vector<DeadLetter>>> dead_letters(Caller caller, Time before, DeadLetterId before_id, std::int64_t limit);
  /// Yields the job that retries all of a kind. Errors: invalid (nobody works on such jobs).
  Task<Result<Job>> replay_all(Caller caller, std::string kind);
  Task<Result<void>> forget_dead_letter(Caller caller, DeadLetterId id);

  /// Before run(), once.
  void add_workers(std::vector<WorkerKind> kinds);
  void set_observer(Observer& observer) { observer_ = &observer; }
  void set_watcher(Watcher& watcher) { watcher_ = &watcher; }

  /// Works until its fiber is stopped, then gives running jobs back to the queue at once.
  Task<void> run();

 private:
  struct Running;
  struct LaneState;
  struct Place;
  static Task<Result<void>> ended(Transaction tx, Job job, Observer* observer);
  static Task<Result<void>> end_in_one_transaction(Transaction tx, Job job, Ending ending, std::shared_ptr<Finish> finish,
                                                   Observer* observer);
  static Task<Result<Job>> cancel_tree_of(Transaction tx, Queue* self, JobId id);
  static Task<Result<Job>> run_again(Transaction tx, Queue* self, JobId id);
  void wake(Lane lane);
  void stop_attempts_of(const std::vector<JobId>& jobs);
  Task<void> serve_lane(LaneState& lane);
  Task<Result<Place>> take_place(LaneState& lane);
  Task<Result<bool>> serve_once(LaneState& lane, TaskGroup& jobs, Place place);
  Task<void> run_attempt(std::shared_ptr<Running> running, Place place);
  static void stop(const std::shared_ptr<Running>& running);
  Task<void> end_older_attempts(std::shared_ptr<Running> running);
  Task<Result<Outcome>> attempt(std::shared_ptr<Running> running);
  Task<Result<void>> require_room(Context context);
  Task<Result<void>> finish(std::shared_ptr<Running> running, Outcome outcome);
  Task<Result<void>> write_end(Job job, Ending ending, std::shared_ptr<Finish> finish);
  Task<void> clear_scratch_if_over(std::shared_ptr<Running> running);
  Task<void> beat();
  Task<Result<void>> beat_once();
  Task<Result<void>> sweep_scratch();
  Task<void> show_progress();
  Task<void> show_end(Job job);
  Ending ending_of(const Outcome& outcome, const Job& job);
  void log_failure(const Job& job, const Ending& ending);
  void log_unwritten(const Job& job, const Error& error);
  void count(const Running& running, State state);
  std::chrono::milliseconds back_off(int attempts);
  const WorkerKind* worker_of(const std::string& kind) const;

  QueueSettings settings_;
  Database& database_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  Pool files_{"scratch", 1, 1024};
  std::vector<WorkerKind> workers_;
  Observer* observer_ = nullptr;
  Watcher* watcher_ = nullptr;
  CpuBudget budget_;
  std::map<Lane, std::unique_ptr<LaneState>> lanes_;
  Guarded<std::vector<std::shared_ptr<Running>>> running_;
  Signal begun_;
};

}  // namespace kinora::jobs
