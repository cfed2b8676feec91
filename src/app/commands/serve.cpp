#include "app/commands/serve.hpp"

#include <fmt/core.h>

#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <thread>
#include <vector>

#include "adapters/clock/system_clock.hpp"
#include "adapters/log/json_lines.hpp"
#include "app/command_line.hpp"
#include "app/providers.hpp"
#include "app/wiring.hpp"
#include "base/task_group.hpp"

namespace kinora::app {

namespace {

void set_on_signal(asio::signal_set& signals, Event& stop) {
  signals.async_wait([&signals, &stop](error_code code, int) {
    if (code) return;
    stop.set();
    // Whoever asks twice is in a hurry.
    signals.async_wait([](error_code again, int) {
      if (!again) std::_Exit(exit_failure);
    });
  });
}

void greet(const std::string& url, const std::optional<std::string>& setup_token, const DataDirectory& directory,
           const RemoteModel& language_model) {
  fmt::print("kinora {} is ready at {}\n", KINORA_VERSION, url);
  if (setup_token)
    fmt::print("\nMake the first admin's account; this link works once, for 24 hours:\n\n  {}/setup?token={}\n\n", url,
               *setup_token);
  fmt::print("{}\n", where_text_goes(language_model));
  fmt::print("Data and logs: {}\nStop it with Ctrl-C.\n", directory.root().string());
  std::fflush(stdout);
}

/// What runs, and what ends it.
struct Run {
  Server& server;
  asio::signal_set& signals;
  Event& stop;
  Server::OnReady on_ready;
  Result<void> outcome{};
};

Task<void> run_server(Run& run) {
  run.outcome = co_await run.server.run(run.stop, run.on_ready);
  // The last thing that is waited for: without it the threads go home.
  run.signals.cancel();
}

/// At least two threads: one may be in a small read while another accepts.
void run_on_threads(asio::io_context& io) {
  std::vector<std::jthread> threads;
  for (auto more = std::max(2U, std::thread::hardware_concurrency()); more > 1; --more)
    threads.emplace_back([&io] { io.run(); });
  io.run();
}

Result<void> serve_until_signal(const Config& config) {
  auto directory = DataDirectory::open(config.data);
  if (!directory) return std::unexpected(std::move(directory.error()));
  SystemClock clock;
  auto log = open_log(config.log_level, {directory->logs() / "server.log"}, clock);
  if (!log) return std::unexpected(std::move(log.error()));

  asio::io_context io;
  const asio::any_io_executor executor = asio::make_strand(io);
  auto server = Server::open(config, *directory, executor, clock, **log);
  if (!server) return std::unexpected(std::move(server.error()));
  for (const auto& warning : config.warnings) fmt::print(stderr, "kinora: {}\n", warning);

  TaskGroup root(executor);
  Event stop;
  asio::signal_set signals(executor, SIGTERM, SIGINT);
  set_on_signal(signals, stop);
  const auto on_ready = [&](std::optional<std::string> setup_token) {
    const auto url = config.base_url_at((*server)->port());
    if (const auto announced = directory->announce(url); !announced)
      (*log)->warning("address not announced", {{"error", announced.error().message}});
    greet(url, setup_token, *directory, config.language_model);
  };
  Run run{**server, signals, stop, on_ready};
  asio::post(executor, [&] { root.spawn(run_server(run)); });
  run_on_threads(io);
  return run.outcome;
}

}  // namespace

int serve(const Config& config) {
  // A child may end before it has read its input, and a client before it has read its answer.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGCHLD, SIG_DFL);  // ignored by whoever started us, it would let nobody know how a child ended
  arm_failpoints(config.failpoints);
  const auto served = serve_until_signal(config);
  return served ? exit_success : report(served.error());
}

}  // namespace kinora::app
