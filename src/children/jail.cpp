#include "children/jail.hpp"

#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "children/jail_order.hpp"
#include "children/landlock.hpp"
#include "children/system_calls.hpp"

// Runs in a process of its own, single-threaded, between posix_spawn and exec: plain system calls, in an order that matters.
namespace kinora {

namespace {

Result<void> refusal(std::string_view what) {
  return fail(ErrorKind::unavailable, std::string(what) + ": " + std::strerror(errno));
}

/// Everything the program gets, opened with the server's rights.
struct Handles {
  int scratch = -1;
  int program = -1;
  std::vector<int> readable{};           ///< in the order's order
  std::vector<std::string> for_program;  ///< by the same index: the path that replaces a file's; empty for a folder
};

Result<int> open_readable(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (fd < 0) return std::unexpected(refusal("cannot open " + path.string()).error());
  return fd;
}

bool is_folder(int fd) {
  struct stat entry{};
  return ::fstat(fd, &entry) == 0 && S_ISDIR(entry.st_mode);
}

Result<Handles> open_handles(const JailOrder& order) {
  Handles handles;
  handles.scratch = ::open(order.scratch.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
  if (handles.scratch < 0) return std::unexpected(refusal("cannot open " + order.scratch.string()).error());
  handles.program = ::open(order.command.front().c_str(), O_PATH | O_CLOEXEC);
  if (handles.program < 0) return std::unexpected(refusal("cannot find " + order.command.front()).error());
  for (const auto& path : order.readable) {
    const auto fd = open_readable(path);
    if (!fd) return std::unexpected(fd.error());
    handles.readable.push_back(*fd);
  }
  return handles;
}

/// Moves the files to 3, 4, ..., where the program finds them, and closes all else; its own descriptor closes itself at exec.
void settle_descriptors(Handles& handles) {
  constexpr int first = 3;
  const int above = first + static_cast<int>(handles.readable.size());
  for (int& fd : handles.readable) fd = ::fcntl(fd, F_DUPFD, above);  // out of the way of each other
  handles.program = ::fcntl(handles.program, F_DUPFD, above);

  int next = first;
  for (const int fd : handles.readable) {
    handles.for_program.push_back(is_folder(fd) ? "" : "/proc/self/fd/" + std::to_string(next));
    if (!is_folder(fd)) ::dup2(fd, next++);
  }
  handles.program = ::dup3(handles.program, next, O_CLOEXEC);
  ::syscall(SYS_close_range, next + 1, ~0U, 0);
}

/// Arguments that name a file name its descriptor instead.
void point_arguments_at(const Handles& handles, JailOrder& order) {
  for (std::size_t at = 0; at < order.readable.size(); ++at)
    if (!handles.for_program[at].empty())
      std::replace(order.command.begin() + 1, order.command.end(), order.readable[at].string(), handles.for_program[at]);
}

// When memory runs out, the kernel takes the child, not the server. Raising one's own score needs no privilege.
void offer_to_out_of_memory_killer() {
  const int fd = ::open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
  if (fd < 0) return;
  [[maybe_unused]] const auto written = ::write(fd, "900", 3);
  ::close(fd);
}

// A bonus: hosts may forbid it, and seccomp denies sockets anyway.
void leave_the_network() {
  const int user = ::geteuid() == 0 ? 0 : CLONE_NEWUSER;
  ::unshare(user | CLONE_NEWNET | CLONE_NEWIPC);
}

Result<void> enter_scratch(int folder, ChildUser user) {
  if (::geteuid() == 0 && ::fchown(folder, user.uid, user.gid) != 0) return refusal("cannot give the scratch folder away");
  if (::fchdir(folder) != 0) return refusal("cannot enter the scratch folder");
  return {};
}

Result<void> drop_root(ChildUser user) {
  if (::geteuid() != 0) return {};
  if (::setgroups(0, nullptr) != 0 || ::setresgid(user.gid, user.gid, user.gid) != 0 ||
      ::setresuid(user.uid, user.uid, user.uid) != 0)
    return refusal("cannot stop being root");
  return {};
}

/// After drop_root(), which would clear it. The signal follows the thread that spawned us: the launcher keeps that one alive.
Result<void> die_with_the_server(int parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return refusal("PR_SET_PDEATHSIG");
  if (::getppid() != parent) return fail(ErrorKind::cancelled, "the server has ended");
  return {};
}

Result<void> give_up_privileges() {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return refusal("no_new_privs");
  return {};
}

void limit(__rlimit_resource resource, rlim_t value) {
  rlimit now{};
  ::getrlimit(resource, &now);
  now.rlim_max = std::min(now.rlim_max, value);
  now.rlim_cur = now.rlim_max;
  ::setrlimit(resource, &now);
}

void limit_resources(const ChildLimits& limits) {
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(limits.cpu.count()));
  limit(RLIMIT_FSIZE, limits.file_bytes);
  limit(RLIMIT_NOFILE, limits.open_files);
  limit(RLIMIT_MEMLOCK, 0);
  limit(RLIMIT_MSGQUEUE, 0);
  limit(RLIMIT_AS, limits.memory_bytes);
}

Result<void> lock(const JailOrder& order, const Profile& profile, Handles& handles) {
  const FileRules rules{profile.readable, handles.readable, handles.scratch, handles.program};
  const bool may_be_weak = order.sandbox == Sandbox::weak;
  if (auto done = restrict_files(rules); !done && !may_be_weak) return done;
  settle_descriptors(handles);
  if (auto done = restrict_system_calls(profile.sockets); !done && !may_be_weak) return done;
  return {};
}

Result<Handles> enter(const JailOrder& order) {
  const auto* profile = find_profile(order.profile);
  if (profile == nullptr) return fail(ErrorKind::invalid, "no profile " + order.profile);
  auto handles = open_handles(order);
  if (!handles) return handles;

  ::umask(022);
  ::setpriority(PRIO_PROCESS, 0, order.limits.nice);
  offer_to_out_of_memory_killer();
  leave_the_network();
  auto done = enter_scratch(handles->scratch, order.user);
  if (done) done = drop_root(order.user);
  if (done) done = give_up_privileges();
  if (done) done = die_with_the_server(order.parent);
  if (done) done = lock(order, *profile, *handles);
  if (!done) return std::unexpected(std::move(done.error()));
  return handles;
}

int become(const Handles& handles, JailOrder& order) {
  point_arguments_at(handles, order);
  std::vector<char*> arguments;
  for (auto& word : order.command) arguments.push_back(word.data());
  arguments.push_back(nullptr);

  limit_resources(order.limits);  // last: they bind the jail too
  // By descriptor, because the program may lie in folders that the new user cannot enter.
  ::syscall(SYS_execveat, handles.program, "", arguments.data(), environ, AT_EMPTY_PATH);
  std::fprintf(stderr, "%scannot run %s: %s\n", jail_says.data(), arguments.front(), std::strerror(errno));
  return jail_found_no_program;
}

int refuse(const Error& why) {
  std::fprintf(stderr, "%s%s\n", jail_says.data(), why.message.c_str());
  return jail_refused;
}

}  // namespace

int jail_main(int argc, char** argv) {
  auto order = parse_jail_order(std::span(argv, static_cast<std::size_t>(argc)).subspan(2));
  if (!order) return refuse(order.error());
  const auto handles = enter(*order);
  if (!handles) return refuse(handles.error());
  return become(*handles, *order);
}

}  // namespace kinora
