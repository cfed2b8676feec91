#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <csignal>
#include <future>
#include <iostream>
#include <thread>

#include "adapters/clock/system_clock.hpp"
#include "adapters/database/open.hpp"
#include "adapters/log/json_lines.hpp"
#include "adapters/random/system_random.hpp"
#include "base/numbers.hpp"
#include "base/task_group.hpp"
#include "embeddings.hpp"
#include "jobs/queue.hpp"
#include "media.hpp"
#include "modules/media/grants.hpp"
#include "search.hpp"

// What `make bench` drives in this process and not over HTTP. Each line of input is one order, answered by one line:
//   jobs N      adds N no-op jobs, N/64 in turn by each of 64, and answers when all have ended
//   latency N   adds N, each when the one before has ended; answers the median time from its add to its start, in milliseconds
//   grants N    checks a media link's grant N times; answers the mean time in microseconds
//   fill N, in_one_language N, of_one_person N, nearest N                  see search.hpp
//   look CLIP, copy CLIP, ladder CLIP                                      see media.hpp
//   passages FILE, queries FILE                                            see embeddings.hpp
// BENCH_LLAMA_SERVER and BENCH_EMBEDDING_MODEL name the files that the last two need.
// An answer that begins with "failed" says why.

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
  Task<Result<void>> on_waiting(Transaction, jobs::Job) override { co_return {}; }
  Task<Result<void>> on_resumed(Transaction, jobs::Job) override { co_return {}; }
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

class QueueBench {
 public:
  QueueBench(Database& database, const std::filesystem::path& folder, Clock& clock, Random& random, Log& log)
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

  Task<Result<std::string>> jobs(std::size_t many) {
    const auto count = static_cast<std::int64_t>(many);
    Fiber& fiber = co_await this_fiber;
    const auto over = ends_.expect(count);
    TaskGroup group(fiber.executor);
    for (std::size_t adder = 0; adder < adders; ++adder)
      group.spawn(add(count / std::int64_t{adders} + (std::int64_t(adder) < count % std::int64_t{adders} ? 1 : 0)));
    co_await group.join();
    static_cast<void>(co_await over->wait());
    co_return "done";
  }

  Task<Result<std::string>> latency(std::size_t many) {
    const auto count = static_cast<std::int64_t>(many);
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

Task<Result<std::string>> grants(std::size_t count) {
  const media::Grants checks("a secret of thirty-two bytes, fixed");
  const Time now{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
  const auto link = checks.issue({VideoId{}, 1, now + 1h});
  const auto begun = SteadyClock::now();
  for (auto left = count; left > 0; --left)
    if (!checks.read(link, now)) co_return fail(ErrorKind::internal, "a good link was refused");
  co_return fmt::format("{}", std::chrono::duration<double, std::micro>(SteadyClock::now() - begun).count() / double(count));
}

struct Benches {
  QueueBench& queue;
  SearchBench& search;
  MediaBench& media;
  EmbeddingBench& embeddings;
};

Task<Result<std::string>> unknown(std::string order) { co_return fail(ErrorKind::invalid, "there is no order " + order); }

Task<Result<std::string>> work_for(const Benches& benches, const std::string& order, const std::string& argument) {
  const auto count = number_of<std::size_t>(argument).value_or(0);
  if (order == "jobs") return benches.queue.jobs(count);
  if (order == "latency") return benches.queue.latency(count);
  if (order == "grants") return grants(count);
  if (order == "fill") return benches.search.fill(count);
  if (order == "in_one_language") return benches.search.in_one_language(count);
  if (order == "of_one_person") return benches.search.of_one_person(count);
  if (order == "nearest") return benches.search.nearest(count);
  if (order == "look") return benches.media.look(argument);
  if (order == "copy") return benches.media.copy(argument);
  if (order == "ladder") return benches.media.ladder(argument);
  if (order == "passages") return benches.embeddings.passages(argument);
  if (order == "queries") return benches.embeddings.queries(argument);
  return unknown(order);
}

Task<void> tell(Task<Result<std::string>> work, std::promise<std::string>& outcome) {
  const auto done = co_await std::move(work);
  outcome.set_value(done ? *done : "failed: " + done.error().message);
}

std::string environment(const char* name) {
  const auto* value = std::getenv(name);
  return value != nullptr ? value : "";
}

void say(const std::string& answer) {
  fmt::print("{}\n", answer);
  std::fflush(stdout);
}

void obey(const Benches& benches, TaskGroup& root, const asio::any_io_executor& executor) {
  benches.queue.ready.get_future().wait();
  say("ready");
  std::string order;
  std::string argument;
  while (std::cin >> order >> argument) {
    std::promise<std::string> outcome;
    asio::post(executor, [&] { root.spawn(tell(work_for(benches, order, argument), outcome)); });
    say(outcome.get_future().get());
  }
}

int run(const std::filesystem::path& folder, const std::filesystem::path& kinora) {
  std::signal(SIGPIPE, SIG_IGN);  // a child may end before it has read its input
  SystemClock clock;
  const auto log = open_log(LogLevel::warning, {}, clock);
  const auto random = open_system_random();
  const auto database = open_database((folder / "jobs.db").string(), clock, **log);
  if (!log || !random || !database) return 1;

  asio::io_context io;
  const asio::any_io_executor executor = asio::make_strand(io);
  QueueBench queue(**database, folder, clock, **random, **log);
  SearchBench search(folder, **log);
  MediaBench media(folder / "made", kinora, **log);
  EmbeddingBench embeddings({.program = environment("BENCH_LLAMA_SERVER"),
                             .model = environment("BENCH_EMBEDDING_MODEL"),
                             .folder = folder / "embedder"},
                            kinora, **log);
  TaskGroup root(executor);
  asio::post(executor, [&] { root.spawn(queue.serve()); });
  asio::post(executor, [&] { root.spawn(embeddings.serve()); });
  std::vector<std::jthread> threads;
  for (int thread = 0; thread < 2; ++thread) threads.emplace_back([&io] { io.run(); });
  obey({queue, search, media, embeddings}, root, executor);
  asio::post(executor, [&] { root.stop(); });
  return 0;
}

}  // namespace

}  // namespace kinora::bench

int main(int argc, char** argv) {
  if (argc == 3) return kinora::bench::run(argv[1], argv[2]);
  fmt::print(stderr, "bench_native FOLDER KINORA\n");
  return 2;
}
