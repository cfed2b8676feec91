#include "children/launcher.hpp"

#include <unistd.h>

#include "base/deadline.hpp"
#include "base/task_group.hpp"
#include "children/jail.hpp"
#include "children/running_child.hpp"
#include "children/spawn.hpp"

namespace kinora {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t starts_waiting_max = 256;
constexpr auto drain_limit = std::chrono::seconds(2);
constexpr auto reap_limit = std::chrono::seconds(10);

// A program of ours built with a sanitizer reserves terabytes of address space (the thread sanitizer insists on no limit at
// all), and its leak check forks, which the jail denies.
#if __has_feature(thread_sanitizer)
constexpr std::uint64_t sanitized_memory_bytes = ~0ULL;
#elif __has_feature(address_sanitizer)
constexpr std::uint64_t sanitized_memory_bytes = 1ULL << 46;
#else
constexpr std::uint64_t sanitized_memory_bytes = 0;
#endif

ChildLimits limits_of(const ChildSpec& spec) {
  auto limits = profile_of(spec.profile).limits;
  const auto& own = spec.limits;
  if (own.memory_bytes != 0) limits.memory_bytes = own.memory_bytes;
  if (own.cpu.count() != 0) limits.cpu = own.cpu;
  if (own.file_bytes != 0) limits.file_bytes = own.file_bytes;
  if (own.open_files != 0) limits.open_files = own.open_files;
  if (own.nice != 0) limits.nice = own.nice;
  if (sanitized_memory_bytes != 0) limits.memory_bytes = sanitized_memory_bytes;
  return limits;
}

std::vector<std::string> arguments_of(const LauncherSettings& settings, const ChildSpec& spec) {
  JailOrder order;
  order.profile = profile_of(spec.profile).name;
  order.sandbox = settings.sandbox;
  order.parent = ::getpid();
  order.user = settings.user;
  order.limits = limits_of(spec);
  order.scratch = spec.scratch;
  order.readable = spec.readable;
  order.command = {spec.program};
  order.command.insert(order.command.end(), spec.arguments.begin(), spec.arguments.end());

  std::vector<std::string> arguments = {settings.jail, std::string(jail_command)};
  for (auto& word : words_of(order)) arguments.push_back(std::move(word));
  return arguments;
}

/// Nothing of the server's own environment, which holds its secrets.
std::vector<std::string> environment_of(const ChildSpec& spec) {
  std::vector<std::string> environment = {"LANG=C.UTF-8", "HOME=.", "TMPDIR=."};
  if (sanitized_memory_bytes != 0) environment.emplace_back("ASAN_OPTIONS=detect_leaks=0");
  environment.insert(environment.end(), spec.environment.begin(), spec.environment.end());
  return environment;
}

Task<Result<void>> joined(TaskGroup& group) {
  co_await group.join();
  co_return {};
}

/// The words of the jail itself, which never became the program.
std::optional<Error> refusal_of_jail(const ChildExit& exit) {
  const bool jailers_code = exit.code == jail_refused || exit.code == jail_found_no_program;
  if (!jailers_code || !exit.stderr_tail.starts_with(jail_says)) return std::nullopt;
  return Error{ErrorKind::unavailable, "the sandbox refused: " + exit.stderr_tail.substr(jail_says.size())};
}

Result<ChildExit> outcome_of(RunningChild& child, Result<void> waited) {
  auto exit = child.take_exit();
  if (const auto& why = child.killed_because()) return std::unexpected(*why);
  if (!waited) return std::unexpected(std::move(waited.error()));
  if (auto refusal = refusal_of_jail(exit)) return std::unexpected(*std::move(refusal));
  return exit;
}

Task<Result<void>> ended_within(RunningChild& child, steady_clock::duration limit) {
  if (limit == ChildDeadlines::never) co_return co_await child.ended();
  co_return co_await within(limit, child.ended());
}

}  // namespace

Launcher::Launcher(LauncherSettings settings) : settings_(std::move(settings)), spawner_("spawner", 1, starts_waiting_max) {}

Launcher::~Launcher() { spawner_.join(); }

Task<Result<ChildExit>> Launcher::run(ChildSpec spec, ChildDeadlines deadlines) {
  Fiber& fiber = co_await this_fiber;
  auto arguments = arguments_of(settings_, spec);
  auto environment = environment_of(spec);
  auto spawned = co_await ok(on(spawner_, spawn_process, std::move(arguments), std::move(environment)));

  // All on this fiber's executor: what they share needs no lock.
  RunningChild child(fiber.executor, std::move(spawned), spec);
  TaskGroup streams(fiber.executor);
  TaskGroup watch(fiber.executor);
  streams.spawn(child.feed_input(), fiber.executor);
  streams.spawn(child.drain_output(), fiber.executor);
  streams.spawn(child.drain_error(), fiber.executor);
  if (deadlines.no_progress != ChildDeadlines::never) watch.spawn(child.watch(deadlines.no_progress), fiber.executor);

  auto waited = co_await ended_within(child, deadlines.wall_clock);
  {
    const Shield shield(fiber);  // cleaning up waits although we may have been stopped
    if (!waited) {
      child.kill();
      (void)co_await within(reap_limit, child.ended());
    }
    watch.stop();
    co_await watch.join();
    (void)co_await within(drain_limit, joined(streams));
  }
  co_return outcome_of(child, std::move(waited));
}

}  // namespace kinora
