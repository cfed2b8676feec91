#pragma once

#include <thread>

#include "base/deadline.hpp"
#include "jobs/queue.hpp"
#include "tests/world.hpp"

namespace kinora::testing {

using namespace std::chrono_literals;

/// A table of what jobs did: one row per effect.
inline constexpr Migration ledger_step{"tests", 1, "CREATE TABLE ledger (job_id @ID NOT NULL, note @TEXT NOT NULL);"};

inline Task<Result<void>> note(Transaction tx, JobId job, std::string text) {
  co_await ok(tx.change(Sql{"INSERT INTO ledger (job_id, note) VALUES ($1, $2)"}, job, std::move(text)));
  co_return {};
}
inline Task<Result<std::int64_t>> count_notes(Transaction tx, JobId job) {
  return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM ledger WHERE job_id = $1"}, job);
}
inline Task<Result<std::int64_t>> count_all_notes(Transaction tx) {
  return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM ledger"});
}
inline Task<Result<std::int64_t>> count_jobs_not_succeeded(Transaction tx) {
  return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM jobs WHERE state <> 'succeeded'"});
}

inline Task<Result<JobId>> add_job(Transaction tx, jobs::Queue* queue, jobs::NewJob job) {
  return queue->add(tx, std::move(job));
}
inline Task<Result<JobId>> add_job_and_fail(Transaction tx, jobs::Queue* queue, jobs::NewJob job) {
  co_await ok(queue->add(tx, std::move(job)));
  co_return fail(ErrorKind::conflict, "no commit");
}

/// Keeps each end that was committed.
class Endings final : public jobs::Observer {
 public:
  Task<Result<void>> on_finished(Transaction tx, jobs::Job job) override {
    if (refused_.exchange(false)) {
      refusals.add();
      co_return fail(ErrorKind::unavailable, "the observer cannot write now");
    }
    co_await ok(note(tx, job.id, "observed " + std::string(name_of(job.state))));
    tx.on_commit([this] { count.add(); });
    co_return {};
  }
  Task<Result<void>> on_waiting(Transaction tx, jobs::Job job) override { return note(tx, job.id, "waits"); }
  Task<Result<void>> on_resumed(Transaction tx, jobs::Job job) override { return note(tx, job.id, "goes on"); }
  Task<Result<std::optional<JobId>>> on_retry(Transaction, jobs::Job) override { co_return std::optional<JobId>(); }
  void refuse_once() { refused_ = true; }

  Counter count;
  Counter refusals;

 private:
  std::atomic<bool> refused_ = false;
};

/// Runs one long task on a thread of its own, as the server does on its.
class Background {
 public:
  explicit Background(std::function<Task<void>()> task) : task_(std::move(task)) {}
  Background(const Background&) = delete;
  ~Background() { stop(); }

  void start() {
    stop_ = std::make_unique<Event>();
    thread_ = std::jthread([this] { run(serve()); });
  }
  /// As SIGTERM does; returns when the task has ended.
  void stop() {
    if (!thread_.joinable()) return;
    stop_->set();
    thread_.join();
  }

 private:
  Task<void> serve() {
    Fiber& fiber = co_await this_fiber;
    TaskGroup group(fiber.executor);
    group.spawn(task_());
    static_cast<void>(co_await stop_->wait());
    group.stop();
    co_await group.join();
  }

  std::function<Task<void>()> task_;
  std::unique_ptr<Event> stop_;
  std::jthread thread_;
};

using Work = std::function<Task<jobs::Outcome>(jobs::Context)>;

/// One process with a queue, as far as other nodes can tell. Its worker knows one kind of job, "test.work".
class Node {
 public:
  struct Plan {
    std::string name;
    Work work;
    std::chrono::milliseconds beat = 1h;  ///< by default no lease is renewed: the test moves the clock past it
    std::size_t slots = 2;
    std::chrono::seconds time_limit{60};
    Log* log = nullptr;  ///< else the world's
    jobs::Lane lane = jobs::Lane::light;
    std::function<Result<void>()> room{};
  };
  Node(World& world, Endings& endings, Plan plan)
      : queue({.worker = plan.name,
               .scratch = world.folder.path() / "scratch",
               .slots = {{plan.lane, plan.slots}},
               .lease = 5s,
               .beat = plan.beat,
               .poll = 5ms,
               .room = std::move(plan.room)},
              world.database(), world.clock, world.random, plan.log != nullptr ? *plan.log : world.log) {
    queue.add_workers({{"test.work", plan.lane, plan.time_limit, std::move(plan.work)}});
    queue.set_observer(endings);
  }

  void start() { background_.start(); }
  void stop() { background_.stop(); }

  jobs::Queue queue;

 private:
  Background background_{[this] { return queue.run(); }};
};

inline jobs::NewJob plain_job() { return {.kind = "test.work", .subject = {"test", Uuid{}}}; }

}  // namespace kinora::testing
