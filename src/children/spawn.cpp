#include "children/spawn.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>

namespace kinora {

namespace {

std::unexpected<Error> refusal(const char* what, int code) {
  return fail(ErrorKind::unavailable, std::string(what) + ": " + std::strerror(code));
}

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return refusal("cannot open a pipe", errno);
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

/// Own process group, no blocked or ignored signals, standard streams on the pipes.
class SpawnPlan {
 public:
  SpawnPlan() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &all);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }

  void connect(const Descriptor& end, int to) { posix_spawn_file_actions_adddup2(&actions_, end.get(), to); }
  int spawn(pid_t& pid, char* const* arguments, char* const* environment) {
    return posix_spawn(&pid, arguments[0], &actions_, &attributes_, arguments, environment);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (auto& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Descriptor::~Descriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<Spawned> spawn_process(std::vector<std::string> arguments, std::vector<std::string> environment) {
  auto in = open_pipe();
  auto out = open_pipe();
  auto err = open_pipe();
  if (!in || !out || !err) return refusal("cannot open pipes", EMFILE);
  SpawnPlan plan;
  plan.connect(in->read, STDIN_FILENO);
  plan.connect(out->write, STDOUT_FILENO);
  plan.connect(err->write, STDERR_FILENO);

  Spawned child;
  const int code = plan.spawn(child.pid, pointers_to(arguments).data(), pointers_to(environment).data());
  if (code != 0) return refusal(("cannot start " + arguments.front()).c_str(), code);
  child.process = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, child.pid, 0)));
  if (child.process.get() < 0) {
    const int why = errno;
    ::kill(child.pid, SIGKILL);
    ::waitpid(child.pid, nullptr, 0);
    return refusal("pidfd_open", why);
  }
  child.standard_input = std::move(in->write);
  child.standard_output = std::move(out->read);
  child.standard_error = std::move(err->read);
  return child;
}

}  // namespace kinora
