#pragma once

#include <boost/asio/posix/stream_descriptor.hpp>
#include <optional>

#include "base/task.hpp"
#include "children/child.hpp"
#include "children/output.hpp"
#include "children/spawn.hpp"

namespace kinora {

/// A child while it runs: its streams, its watchdog, its end. All on one executor. Destroying it kills and reaps a child that
/// has not ended.
class RunningChild {
 public:
  RunningChild(asio::any_io_executor executor, Spawned spawned, const ChildSpec& spec);
  RunningChild(const RunningChild&) = delete;
  ~RunningChild();

  Task<void> feed_input();
  Task<void> drain_output();
  Task<void> drain_error();
  /// Kills the child when it has made no progress for `limit`.
  Task<void> watch(std::chrono::steady_clock::duration limit);
  /// Waits for the end and reaps it. By pidfd: no signal handler, no polling.
  Task<Result<void>> ended();

  void kill();
  /// Why the watchdog or a limit ended it.
  const std::optional<Error>& killed_because() const { return killed_because_; }
  /// Kills and reaps it, if it lives; its streams should be drained. Once.
  ChildExit take_exit();

 private:
  struct Channel {
    Channel(asio::any_io_executor executor, Descriptor end, LineSink to, std::size_t line_bytes_max);
    asio::posix::stream_descriptor stream;
    LineSink sink;
    LineSplitter lines;
    Tail tail;
  };
  Task<void> drain(Channel& channel);
  void take(Channel& channel, std::string_view bytes);
  void hear(const Channel& channel, std::string_view line);
  void kill_because(Error why);
  /// Options of wait4(2); false when the child has not ended.
  bool reap(int options);
  void kill_and_reap();

  pid_t pid_;
  asio::posix::stream_descriptor process_;
  asio::posix::stream_descriptor input_;
  Channel output_;
  Channel error_;
  std::string to_write_;
  std::uint64_t may_print_bytes_;
  std::chrono::steady_clock::time_point last_beat_ = std::chrono::steady_clock::now();
  std::optional<Error> killed_because_;
  bool reaped_ = false;
  ChildExit exit_;
};

}  // namespace kinora
