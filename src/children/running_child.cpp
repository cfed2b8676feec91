#include "children/running_child.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/operation.hpp"

namespace kinora {

namespace {

using std::chrono::steady_clock;

constexpr std::size_t tail_bytes_max = 16 << 10;

std::chrono::microseconds time_of(const timeval& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec);
}

}  // namespace

RunningChild::Channel::Channel(asio::any_io_executor executor, Descriptor end, LineSink to, std::size_t line_bytes_max)
    : stream(std::move(executor), end.release()), sink(std::move(to)), lines(line_bytes_max), tail(tail_bytes_max) {}

RunningChild::RunningChild(asio::any_io_executor executor, Spawned spawned, const ChildSpec& spec)
    : pid_(spawned.pid),
      process_(executor, spawned.process.release()),
      input_(executor, spawned.standard_input.release()),
      output_(executor, std::move(spawned.standard_output), spec.on_stdout, spec.line_bytes_max),
      error_(executor, std::move(spawned.standard_error), spec.on_stderr, spec.line_bytes_max),
      to_write_(spec.standard_input),
      may_print_bytes_(spec.output_bytes_max) {}

RunningChild::~RunningChild() { kill_and_reap(); }

// A child that does not read its input ends or is killed, which ends the write.
Task<void> RunningChild::feed_input() {
  co_await asio::async_write(input_, asio::buffer(to_write_), asio::deferred);
  input_.close();
}

Task<void> RunningChild::drain_output() { return drain(output_); }
Task<void> RunningChild::drain_error() { return drain(error_); }

Task<void> RunningChild::drain(Channel& channel) {
  std::array<char, 8192> buffer{};
  for (;;) {
    const auto [code, count] = co_await channel.stream.async_read_some(asio::buffer(buffer));
    if (code) break;
    take(channel, {buffer.data(), count});
  }
  channel.lines.finish([&](std::string_view line) { hear(channel, line); });
}

void RunningChild::take(Channel& channel, std::string_view bytes) {
  channel.tail.feed(bytes);
  channel.lines.feed(bytes, [&](std::string_view line) { hear(channel, line); });
  if (bytes.size() > may_print_bytes_) kill_because({ErrorKind::too_large, "the program printed too much"});
  may_print_bytes_ -= std::min<std::uint64_t>(may_print_bytes_, bytes.size());
}

void RunningChild::hear(const Channel& channel, std::string_view line) {
  if (!channel.sink || channel.sink(line) == Beat::progress) last_beat_ = steady_clock::now();
}

Task<void> RunningChild::watch(steady_clock::duration limit) {
  asio::steady_timer timer((co_await this_fiber).executor);
  while (steady_clock::now() < last_beat_ + limit) {
    timer.expires_at(last_beat_ + limit);
    const auto [code] = co_await timer.async_wait();
    if (code) co_return;
  }
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(limit).count();
  kill_because({ErrorKind::timeout, "no progress for " + std::to_string(seconds) + " s"});
}

// Asio may tell of readiness that was another descriptor's: an event that was under way when that one closed and this one took
// its place. Only the kernel knows whether the child has ended.
Task<Result<void>> RunningChild::ended() {
  while (!reap(WNOHANG)) co_await ok(process_.async_wait(asio::posix::stream_descriptor::wait_read));
  co_return {};
}

void RunningChild::kill_because(Error why) {
  if (!killed_because_) killed_because_ = std::move(why);
  kill();
}

// Until it is reaped, neither its process id nor its group's can belong to anyone else.
void RunningChild::kill() {
  if (!reaped_) ::kill(-pid_, SIGKILL);
}

bool RunningChild::reap(int options) {
  if (reaped_) return true;
  int status = 0;
  rusage used{};
  pid_t waited = 0;
  do waited = ::wait4(pid_, &status, options, &used);
  while (waited < 0 && errno == EINTR);
  if (waited == 0) return false;
  reaped_ = true;
  if (waited < 0) {  // somebody else has waited for it: how it ended is not known
    exit_.code = -1;
    killed_because_ = Error{ErrorKind::unavailable, std::string("how a child ended cannot be told: ") + std::strerror(errno)};
    return true;
  }
  exit_.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  exit_.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  exit_.cpu = time_of(used.ru_utime) + time_of(used.ru_stime);
  exit_.peak_memory_bytes = static_cast<std::uint64_t>(used.ru_maxrss) * 1024;
  return true;
}

void RunningChild::kill_and_reap() {
  kill();
  reap(0);
}

ChildExit RunningChild::take_exit() {
  kill_and_reap();
  exit_.stdout_tail = output_.tail.take();
  exit_.stderr_tail = error_.tail.take();
  return std::move(exit_);
}

}  // namespace kinora
