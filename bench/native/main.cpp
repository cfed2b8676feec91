#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <future>
#include <iostream>
#include <thread>

#include "adapters/clock/system_clock.hpp"
#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"
#include "base/task_group.hpp"
#include "jobs/queue.hpp"
#include "modules/media/grants.hpp"

// What `make bench` drives in this process and not over HTTP. Each line of input is one order, answered by one line:
//   jobs N      adds N no-op jobs, N/64 in turn by each of 64, and answers when all have ended
//   latency N   adds N, each when the one before has ended; answers the median time from its add to its start, in milliseconds
//   grants N    checks a media link's grant N times; answers the mean time in microseconds

namespace kinora::bench {

namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr std::size_t adders = 64;
constexpr std::size_t slots = 64;

Task<Result<JobId>> add_job(Transaction tx, jobs::Queue* queue) {
  return queue->add(tx, {.kind = "bench.nothing", .subject = {"bench", Uuid{}}});
}

/// Counts ends as they are committed.
class Ends final : public jobs::Observer {
 public:
  Task<Result<void>> on_finished(Transaction tx, jobs::Job) override {
    tx.on_commit([this] {
      if (--left_ == 0) over_->set();
    });
    co_return {};
  }
  Task<Result<std::optional<JobId>>> on_retry(Transaction, jobs::Job) override { co_return std::optional<JobId>(); }

  std::shared_ptr<Event> expect(std::int64_t count) {
    over_ = std::make_shared<Event>();
    left_ = count;
    return over_;
  }

 private:
  std::atomic<std::int64_t> left_ = 0;
  std::shared_ptr<Event> over_;  // shared: who waits for it goes on while the next one is made
};

class Bench {
 public:
  Bench(Database& database, const std::filesystem::path& folder, Clock& clock, Random& random, Log& log)
      : database_(database),
        queue_({.worker = "bench", .scratch = folder / "scratch", .slots = {{jobs::Lane::light, slots}}}, database, clock,
               random, log) {
    queue_.add_workers({{"bench.nothing", jobs::Lane::light, 60s, [this](jobs::Context) { return nothing(); }}});
    queue_.set_observer(ends_);
  }

  Task<void> serve() {
    const auto made = co_await database_.migrate(jobs::migrations());
    if (!made) fmt::print(stderr, "{}\n", made.error().message);
    ready.set_value();
    co_await queue_.run();
  }

  std::promise<void> ready;  ///< kept when the tables are there

  Task<std::string> jobs(std::int64_t count) {
    Fiber& fiber = co_await this_fiber;
    const auto over = ends_.expect(count);
    TaskGroup group(fiber.executor);
    for (std::size_t adder = 0; adder < adders; ++adder)
      group.spawn(add(count / std::int64_t{adders} + (std::int64_t(adder) < count % std::int64_t{adders} ? 1 : 0)));
    co_await group.join();
    static_cast<void>(co_await over->wait());
    co_return "done";
  }

  Task<std::string> latency(std::int64_t count) {
    std::vector<SteadyClock::duration> times;
    while (std::ssize(times) < count) {
      const auto over = ends_.expect(1);
      const auto added = SteadyClock::now();
      co_await add(1);
      static_cast<void>(co_await over->wait());
      times.push_back(started_.load() - added);
    }
    const auto middle = times.begin() + count / 2;
    std::ranges::nth_element(times, middle);
    co_return fmt::format("{}", std::chrono::duration<double, std::milli>(*middle).count());
  }

 private:
  Task<jobs::Outcome> nothing() {
    started_ = SteadyClock::now();
    co_return jobs::done();
  }

  Task<void> add(std::int64_t count) {
    for (; count > 0; --count) {
      const auto added = co_await database_.transact(Caller::system("bench"), add_job, &queue_);
      if (!added) fmt::print(stderr, "{}\n", added.error().message);
    }
  }

  Database& database_;
  jobs::Queue queue_;
  Ends ends_;
  std::atomic<SteadyClock::time_point> started_{};
};

std::string grants(std::int64_t count) {
  const media::Grants checks("a secret of thirty-two bytes, fixed");
  const Time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
  const auto link = checks.issue({VideoId{}, 1, now + 1h});
  const auto begun = SteadyClock::now();
  for (auto left = count; left > 0; --left)
    if (!checks.read(link, now)) return "refused";
  return fmt::format("{}", std::chrono::duration<double, std::micro>(SteadyClock::now() - begun).count() / double(count));
}

Task<void> tell(Task<std::string> work, std::promise<std::string>& outcome) { outcome.set_value(co_await std::move(work)); }

void obey(Bench& bench, TaskGroup& root, const asio::any_io_executor& executor) {
  bench.ready.get_future().wait();
  fmt::print("ready\n");
  std::fflush(stdout);
  std::string order;
  std::int64_t count = 0;
  while (std::cin >> order >> count) {
    std::promise<std::string> outcome;
    if (order == "grants")
      outcome.set_value(grants(count));
    else
      asio::post(executor, [&] { root.spawn(tell(order == "jobs" ? bench.jobs(count) : bench.latency(count), outcome)); });
    fmt::print("{}\n", outcome.get_future().get());
    std::fflush(stdout);
  }
}

int run(const std::filesystem::path& folder) {
  SystemClock clock;
  const auto log = open_log(LogLevel::warning, {}, clock);
  const auto random = open_system_random();
  const auto database = open_database((folder / "jobs.db").string(), clock, **log);
  if (!log || !random || !database) return 1;

  asio::io_context io;
  const asio::any_io_executor executor = asio::make_strand(io);
  Bench bench(**database, folder, clock, **random, **log);
  TaskGroup root(executor);
  asio::post(executor, [&] { root.spawn(bench.serve()); });
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 2; ++thread) threads.emplace_back([&io] { io.run(); });
  obey(bench, root, executor);
  asio::post(executor, [&] { root.stop(); });
  return 0;
}

}  // namespace

}  // namespace kinora::bench

int main(int argc, char** argv) {
  if (argc == 2) return kinora::bench::run(argv[1]);
  fmt::print(stderr, "bench_native FOLDER\n");
  return 2;
}
