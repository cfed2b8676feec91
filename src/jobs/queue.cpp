#include "jobs/queue.hpp"

#include <algorithm>

#include "base/deadline.hpp"
#include "base/failpoints.hpp"
#include "base/uncaught.hpp"
#include "jobs/audit.hpp"
#include "jobs/running.hpp"

namespace kinora::jobs {

struct Queue::LaneState {
  LaneState(Lane which, std::size_t slot_count, std::size_t cores_of_each)
      : lane(which), slots(slot_count), cores(cores_of_each) {}
  Lane lane;
  Semaphore slots;
  std::size_t cores;
  Signal work;
  Time claimed_at{};  ///< when it last looked for jobs
};

/// What attempts hold while they work: slots of their lane, one each, and their cores.
struct Queue::Place {
  std::vector<Semaphore::Permit> slots;
  CpuBudget::Share cores;
};

void Queue::stop(const std::shared_ptr<Running>& running) {
  asio::post(running->executor, [running] {
    if (running->fiber != nullptr) running->fiber->stop(ErrorKind::cancelled);
  });
}

namespace {

// Often enough to look alive, seldom enough for a thousand watchers.
constexpr auto progress_pause = 200ms;

Task<Result<std::vector<Job>>> claim_jobs(Transaction tx, Claim claim, std::size_t limit) {
  std::vector<Job> claimed;
  while (claimed.size() < limit) {
    auto job = co_await ok(claim_job(tx, claim));
    if (!job) break;
    claimed.push_back(*std::move(job));
  }
  co_await ok(may_fail("jobs.claim"));
  co_return claimed;
}

Task<Result<void>> wait_for(Signal& signal) {
  co_await ok(signal.wait());
  co_return {};
}

Task<Result<Outcome>> as_result(Task<Outcome> work) { co_return co_await std::move(work); }

}  // namespace

Task<Result<void>> resume(Transaction tx, Job job, Observer* observer) { return observer->on_resumed(tx, std::move(job)); }

Task<Outcome> refuse(Error error) { co_return Fail{std::move(error)}; }

Queue::Queue(QueueSettings settings, Database& database, Clock& clock, Random& random, Log& log)
    : settings_(std::move(settings)),
      database_(database),
      clock_(clock),
      random_(random),
      log_(log),
      budget_(settings_.cores_max) {
  for (const auto& [lane, slots] : settings_.slots)
    lanes_.emplace(lane, std::make_unique<LaneState>(lane, slots, settings_.cores[lane]));
}

Queue::~Queue() { files_.join(); }

void Queue::add_workers(std::vector<WorkerKind> kinds) { std::ranges::move(kinds, std::back_inserter(workers_)); }

const WorkerKind* Queue::worker_of(const std::string& kind) const {
  const auto found = std::ranges::find(workers_, kind, &WorkerKind::kind);
  return found == workers_.end() ? nullptr : &*found;
}

Task<Result<JobId>> Queue::add(Transaction tx, NewJob job) {
  const auto* worker = worker_of(job.kind);
  if (worker == nullptr) co_return fail(ErrorKind::internal, "no worker for jobs of the kind " + job.kind);
  tx.on_commit([this, lane = worker->lane] { wake(lane); });
  const auto id = random_.id<JobId>(clock_);
  const auto added = co_await ok(insert_job(tx, id, std::move(job), worker->lane));
  co_await ok(may_fail("jobs.add"));
  co_return added;
}

Task<Result<JobId>> Queue::open_group(Transaction tx, NewJob job) {
  const auto id = random_.id<JobId>(clock_);
  co_await ok(insert_group(tx, id, std::move(job)));
  co_return id;
}

Task<Result<void>> Queue::close_group(Transaction tx, JobId id, Ending ending) {
  return end_attempt(tx, id, std::move(ending));
}

void Queue::wake(Lane lane) { lanes_.at(lane)->work.notify(); }

void Queue::stop_attempts_of(const std::vector<JobId>& jobs) {
  auto meant = running_.with([](const auto& all) { return all; });
  std::erase_if(meant, [&](const auto& each) { return std::ranges::find(jobs, each->attempt->job.id) == jobs.end(); });
  for (const auto& each : meant) stop(each);
}

Task<void> Queue::run() {
  Fiber& fiber = co_await this_fiber;
  const auto found = co_await database_.transact(Caller::system("jobs"), expire_leases, settings_.worker);
  if (!found) log_.error("cannot take over running jobs", {{"error", found.error().message}});
  may_end("jobs.taken_over");
  const auto swept = co_await sweep_scratch();
  if (!swept) log_.warning("scratch folders not swept", {{"error", swept.error().message}});

  TaskGroup group(fiber.executor);
  for (const auto& [lane, state] : lanes_) group.spawn(serve_lane(*state));
  group.spawn(beat());
  if (watcher_ != nullptr) group.spawn(show_progress());
  co_await group.join();

  const Shield stopping(fiber);
  const auto released = co_await database_.transact(Caller::system("jobs"), release_jobs, settings_.worker);
  if (!released) log_.error("running jobs could not be given back", {{"error", released.error().message}});
}

Task<void> Queue::serve_lane(LaneState& lane) {
  Fiber& fiber = co_await this_fiber;
  TaskGroup jobs(fiber.executor);
  while (!fiber.stopped) {
    auto place = co_await take_place(lane);
    if (!place) break;
    const auto claimed = co_await serve_once(lane, jobs, *std::move(place));
    if (!claimed && !fiber.stopped)
      log_.error("cannot claim a job", {{"lane", name_of(lane.lane)}, {"error", claimed.error().message}});
    if (claimed && *claimed) continue;
    // A commit that adds work notifies; the poll finds what ran out of its lease or waited for its time.
    static_cast<void>(co_await within(settings_.poll, wait_for(lane.work)));
  }
  co_await jobs.join();
}

// Before the claim: a job that waits for a core holds no lease, runs against no limit, and another node may have it. Jobs that
// need no core are claimed for all free slots at once, in one commit.
Task<Result<Queue::Place>> Queue::take_place(LaneState& lane) {
  std::vector<Semaphore::Permit> slots;
  slots.push_back(co_await ok(lane.slots.acquire()));
  auto cores = co_await ok(budget_.take(lane.cores));
  while (lane.cores == 0) {
    auto another = lane.slots.try_acquire();
    if (!another) break;
    slots.push_back(*std::move(another));
  }
  co_return Place{std::move(slots), std::move(cores)};
}

Task<Result<bool>> Queue::serve_once(LaneState& lane, TaskGroup& jobs, Place place) {
  // Since the last claim we may have been paused, or the clock put forward: leases have run out while their holders work on,
  // and this one would take over from ourselves.
  const auto now = clock_.now();
  if (now - lane.claimed_at > settings_.beat) co_await ok(beat_once());
  lane.claimed_at = now;
  const Claim claim{lane.lane, settings_.worker, settings_.lease, now};
  auto claimed = co_await ok(database_.transact(Caller::system("jobs"), claim_jobs, claim, place.slots.size()));
  if (!claimed.empty()) may_end("jobs.claimed");
  for (auto& job : claimed) {
    auto running = std::make_shared<Running>(std::make_shared<Context::Attempt>());
    running->attempt->job = std::move(job);
    running->attempt->scratch = settings_.scratch / running->attempt->job.id.text();
    running->attempt->progress = running->attempt->job.progress;
    std::vector<Semaphore::Permit> slot;
    slot.push_back(std::move(place.slots.back()));
    place.slots.pop_back();
    jobs.spawn(run_attempt(std::move(running), {std::move(slot), std::move(place.cores)}));
  }
  co_return !claimed.empty();
}

Task<void> Queue::run_attempt(std::shared_ptr<Running> running, [[maybe_unused]] Place held_meanwhile) {
  Fiber& fiber = co_await this_fiber;
  running->fiber = &fiber;
  running->executor = fiber.executor;
  running_.with([&](auto& all) { all.push_back(running); });
  begun_.notify();
  co_await end_older_attempts(running);
  if (watcher_ != nullptr) watcher_->on_change(running->attempt->job);

  auto outcome = co_await attempt(running);

  // Stopped: the lease is lost, the job was cancelled, or the server stops and gives its jobs back. Nothing to write.
  if (!fiber.stopped) {
    const auto written = co_await finish(running, outcome ? *std::move(outcome) : outcome_of(outcome.error()));
    if (!written && !fiber.stopped) log_unwritten(running->attempt->job, written.error());
    const Shield showing(fiber);  // the heartbeat may have missed the end by a moment, and stops this for a lost lease
    co_await show_end(running->attempt->job);
  } else {
    co_await clear_scratch_if_over(running);
  }
  running_.with([&](auto& all) { std::erase(all, running); });
  running->fiber = nullptr;
  running->over.set();
}

// A process that was paused may claim again what it still works on. Both attempts would write into one scratch folder.
Task<void> Queue::end_older_attempts(std::shared_ptr<Running> running) {
  const auto& job = running->attempt->job;
  auto older = running_.with([](const auto& all) { return all; });
  std::erase_if(older,
                [&](const auto& each) { return each->attempt->job.id != job.id || each->attempt->job.fence >= job.fence; });
  for (const auto& each : older) {
    stop(each);
    static_cast<void>(co_await each->over.wait());
  }
}

Task<Result<Outcome>> Queue::attempt(std::shared_ptr<Running> running) {
  const auto& job = running->attempt->job;
  const auto* worker = worker_of(job.kind);
  if (worker == nullptr) co_return Fail{{ErrorKind::internal, "no worker for jobs of the kind " + job.kind}};
  if (job.attempts > job.max_attempts)
    co_return Fail{
        {ErrorKind::invalid, "given up: the server ended " + std::to_string(deaths_max) + " times in the middle of it"}};
  const Context context(running->attempt, database_);
  co_await ok(require_room(context));
  co_await ok(may_fail("jobs.work"));
  try {
    co_return co_await within(worker->time_limit, as_result(worker->work(context)));
  } catch (const std::exception& thrown) {  // third parties throw; one attempt is all it may cost
    co_return std::unexpected(uncaught(thrown));
  }
}

Task<Result<void>> Queue::require_room(Context context) {
  const auto& job = context.job();
  if (settings_.room && job.lane != Lane::light) co_await ok(settings_.room());
  const bool has_waited = job.error && is_of_storage(job.error->code);
  if (has_waited && observer_ != nullptr) co_await ok(context.write(resume, job, observer_));
  co_return {};
}

// Not for a lost lease: another attempt of this node may work in the folder already.
Task<void> Queue::clear_scratch_if_over(std::shared_ptr<Running> running) {
  const Shield stopping(co_await this_fiber);
  const auto id = running->attempt->job.id;
  const auto job = co_await database_.read(Caller::system(id.text()), find_job, id);
  if (job && (!*job || !is_live((*job)->state)))
    static_cast<void>(co_await on(files_, remove_folder, running->attempt->scratch));
}

Task<void> Queue::beat() {
  const Fiber& fiber = co_await this_fiber;
  while (co_await pause_for(settings_.beat)) {
    const auto beaten = co_await beat_once();
    if (!beaten && !fiber.stopped) log_.error("heartbeat not written", {{"error", beaten.error().message}});
  }
}

Task<Result<void>> Queue::beat_once() {
  const auto mine = running_.with([](const auto& all) { return all; });
  if (mine.empty()) co_return {};
  std::vector<Beat> beats;
  for (const auto& running : mine) {
    const auto& attempt = *running->attempt;
    beats.push_back({attempt.job.id, attempt.job.fence, attempt.progress.load(std::memory_order_relaxed)});
  }
  co_await ok(may_fail("jobs.beat"));
  const auto held = co_await ok(database_.transact(Caller::system("jobs"), renew_leases, beats, settings_.lease));
  may_end("jobs.beaten");
  for (const auto& running : mine)
    if (std::ranges::find(held, running->attempt->job.id) == held.end()) stop(running);
  co_return {};
}

Task<Result<void>> Queue::sweep_scratch() {
  const auto forgotten = co_await ok(forgotten_scratch(database_, settings_.scratch));
  for (const auto& folder : forgotten) co_await ok(on(files_, remove_folder, folder));
  co_return {};
}

Task<void> Queue::show_progress() {
  while (true) {
    const bool idle = running_.with([](const auto& all) { return all.empty(); });
    if (idle && !co_await begun_.wait()) co_return;
    if (!co_await pause_for(progress_pause)) co_return;
    for (const auto& running : running_.with([](const auto& all) { return all; })) {
      const auto progress = running->attempt->progress.load(std::memory_order_relaxed);
      if (progress == std::exchange(running->shown, progress)) continue;
      auto job = running->attempt->job;
      job.progress = progress;
      watcher_->on_progress(job);
    }
  }
}

// As the rows are now, so that what is shown last is what was committed.
Task<void> Queue::show_end(Job job) {
  if (watcher_ == nullptr) co_return;
  for (const auto id : {std::optional(job.id), job.parent}) {
    if (!id) continue;
    const auto now = co_await database_.read(Caller::system("jobs"), find_job, *id);
    if (now && *now) watcher_->on_change(**now);
  }
}

}  // namespace kinora::jobs
