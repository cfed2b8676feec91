#include "children/tests/misbehave.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <string>
#include <thread>

#include "base/tests/run.hpp"
#include "children/launcher.hpp"

namespace kinora::testing {

namespace {

int say(const char* what, bool done) {
  std::printf("%s: %s\n", what, done ? "done" : std::strerror(errno));
  std::fflush(stdout);
  return done ? 0 : 1;
}

int read_file(const char* path) { return say("read", ::open(path, O_RDONLY) >= 0); }
int write_file(const char* path) { return say("write", ::open(path, O_WRONLY | O_CREAT, 0600) >= 0); }
int list_folder(const char* path) { return say("list", ::open(path, O_RDONLY | O_DIRECTORY) >= 0); }
int open_socket(const char* family) {
  return say("socket", ::socket(std::string_view(family) == "unix" ? AF_UNIX : AF_INET, SOCK_STREAM, 0) >= 0);
}

int listen_in_folder(const char* path) {
  sockaddr_un address{AF_UNIX, {}};
  std::strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_STREAM, 0);
  return say("listen", ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(fd, 1) == 0);
}

[[noreturn]] int serve_in_folder(const char* path) {
  listen_in_folder(path);
  for (;;) ::pause();
}

/// A server with a child that hangs and keeps `lifeline` in the folder open; says so on its own output.
int serve_with_a_child(const char* folder) {
  ChildSpec spec;
  spec.program = "/proc/self/exe";
  spec.arguments = {std::string(misbehave_command), "hang"};
  spec.scratch = folder;
  spec.readable = {std::filesystem::path(folder) / "lifeline"};
  spec.on_stdout = [](std::string_view) {
    say("child", true);
    return Beat::progress;
  };
  Launcher launcher{LauncherSettings{}};
  return run(launcher.run(spec, {})) ? 0 : 1;
}

int make_process(const char*) {
  const auto pid = ::fork();
  if (pid == 0) std::_Exit(0);
  return say("fork", pid > 0);
}

int start_shell(const char*) {
  ::execl("/bin/sh", "sh", "-c", "echo shell", nullptr);
  return say("exec", false);
}

int eat_memory(const char* mebibytes) {
  const auto bytes = static_cast<std::size_t>(std::atoll(mebibytes)) << 20;
  return say("memory",
             ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) != MAP_FAILED);
}

int start_thread(const char*) {
  std::thread([] {}).join();
  return say("thread", true);
}

int signal_parent(const char*) { return say("signal", ::kill(::getppid(), 0) == 0); }

[[noreturn]] int hang(const char*) {
  say("hanging", true);
  for (;;) ::pause();
}

[[noreturn]] int flood(const char*) {
  const std::string line(1 << 16, 'x');
  for (;;) [[maybe_unused]]
    auto written = ::write(STDOUT_FILENO, line.data(), line.size());
}

int copy_input(const char*) {
  for (int letter = std::getchar(); letter != EOF; letter = std::getchar()) std::putchar(letter);
  return 0;
}

int crash(const char*) { std::abort(); }

int say_ids(const char*) {
  std::printf("uid %d nice %d\n", static_cast<int>(::getuid()), ::nice(0));
  return 0;
}

int count_descriptors(const char*) {
  int count = 0;
  for (int fd = 0; fd < 1024; ++fd) count += ::fcntl(fd, F_GETFD) >= 0 ? 1 : 0;
  std::printf("descriptors %d\n", count);
  return 0;
}

int say_environment(const char*) {
  for (char** each = environ; *each != nullptr; ++each) std::puts(*each);
  return 0;
}

struct Deed {
  std::string_view name;
  int (*act)(const char*);
};
constexpr Deed deeds[] = {
    {"read", read_file},
    {"write", write_file},
    {"list", list_folder},
    {"socket", open_socket},
    {"listen", listen_in_folder},
    {"server", serve_with_a_child},
    {"serve", serve_in_folder},
    {"fork", make_process},
    {"shell", start_shell},
    {"memory", eat_memory},
    {"thread", start_thread},
    {"signal", signal_parent},
    {"hang", hang},
    {"flood", flood},
    {"copy", copy_input},
    {"crash", crash},
    {"ids", say_ids},
    {"descriptors", count_descriptors},
    {"environment", say_environment},
};

}  // namespace

int misbehave(int argc, char** argv) {
  const std::string_view name = argv[2];
  const auto* deed = std::ranges::find(deeds, name, &Deed::name);
  return deed == std::end(deeds) ? 99 : deed->act(argc > 3 ? argv[3] : "");
}

}  // namespace kinora::testing
