#pragma once

#include <filesystem>

#include "base/pool.hpp"
#include "base/task.hpp"
#include "children/child.hpp"
#include "children/jail_order.hpp"

namespace kinora {

struct LauncherSettings {
  /// The program that becomes the jail when its first argument is `jail`: kinora itself.
  std::filesystem::path jail = "/proc/self/exe";
  Sandbox sandbox = Sandbox::strict;
  ChildUser user{};  ///< whom children become when the server is root
};

/// Runs programs in jails. Any thread. Join every group that runs children before it goes; a child that is left is killed by
/// the kernel. The process must ignore SIGPIPE: a child may end before it has read its input.
class Launcher {
 public:
  explicit Launcher(LauncherSettings settings);
  Launcher(const Launcher&) = delete;
  ~Launcher();

  /// Starts the child and waits until it has ended and is reaped, whatever happens: a child whose fiber is stopped, that is too
  /// slow, still or too loud is killed with its process group. A program that fails by itself is a value (see ChildExit).
  /// Errors: unavailable (no sandbox, no such program), timeout (deadlines), too_large (output_bytes_max), cancelled.
  Task<Result<ChildExit>> run(ChildSpec spec, ChildDeadlines deadlines);

 private:
  LauncherSettings settings_;
  // PR_SET_PDEATHSIG fires when the thread that spawned the child ends, so one thread that lives as long as we do spawns all.
  Pool spawner_;
};

}  // namespace kinora
