#include "children/launcher.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <fstream>

#include "base/deadline.hpp"
#include "base/sync.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"
#include "children/spawn.hpp"
#include "children/tests/misbehave.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using testing::run;

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

class LauncherTest : public ::testing::Test {
 protected:
  ChildSpec spec(std::string deed) {
    ChildSpec spec;
    spec.program = "/proc/self/exe";
    spec.arguments = {std::string(testing::misbehave_command), std::move(deed)};
    spec.scratch = folder_.path();
    return spec;
  }

  testing::ScratchFolder folder_;
  Launcher launcher_{LauncherSettings{}};
};

TEST_F(LauncherTest, HandsOverInputAndReturnsOutput) {
  auto asked = spec("copy");
  asked.standard_input = "one\ntwo\n";
  std::vector<std::string> lines;
  asked.on_stdout = [&lines](std::string_view line) {
    lines.emplace_back(line);
    return Beat::progress;
  };

  const auto exit = run(launcher_.run(asked, {}));

  ASSERT_TRUE(exit) << exit.error().message;
  EXPECT_TRUE(exit->succeeded());
  EXPECT_EQ(lines, (std::vector<std::string>{"one", "two"}));
  EXPECT_EQ(exit->stdout_tail, "one\ntwo\n");
}

TEST_F(LauncherTest, TellsHowAChildDied) {
  const auto exit = run(launcher_.run(spec("crash"), {}));

  ASSERT_TRUE(exit) << exit.error().message;
  EXPECT_FALSE(exit->succeeded());
  EXPECT_EQ(exit->signal, SIGABRT);
  EXPECT_GT(exit->peak_memory_bytes, 0U);
}

TEST_F(LauncherTest, KillsAChildThatMakesNoProgress) {
  const auto exit = run(launcher_.run(spec("hang"), {.wall_clock = 1h, .no_progress = 300ms}));

  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::timeout);
  EXPECT_NE(exit.error().message.find("no progress"), std::string::npos);
  EXPECT_FALSE(has_children());
}

TEST_F(LauncherTest, KillsAChildThatTakesTooLong) {
  const auto exit = run(launcher_.run(spec("hang"), {.wall_clock = 300ms}));

  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::timeout);
  EXPECT_FALSE(has_children());
}

TEST_F(LauncherTest, KillsAChildThatOnlyChattersWithoutProgress) {
  auto asked = spec("flood");
  asked.on_stdout = [](std::string_view) { return Beat::none; };

  const auto exit = run(launcher_.run(asked, {.wall_clock = 1h, .no_progress = 50ms}));

  ASSERT_FALSE(exit);
  EXPECT_TRUE(exit.error().kind == ErrorKind::timeout || exit.error().kind == ErrorKind::too_large);
}

TEST_F(LauncherTest, KillsAChildThatFloodsItsOutput) {
  auto asked = spec("flood");
  asked.output_bytes_max = 1 << 20;

  const auto exit = run(launcher_.run(asked, {}));

  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::too_large);
  EXPECT_FALSE(has_children());
}

Task<void> run_until_stopped(Launcher& launcher, ChildSpec spec, std::optional<Result<ChildExit>>& outcome) {
  outcome.emplace(co_await launcher.run(std::move(spec), {}));
}

Task<Result<void>> happened(Event& event) {
  co_await ok(event.wait());
  co_return {};
}

Task<void> stop_once_it_hangs(Launcher& launcher, ChildSpec asked, std::optional<Result<ChildExit>>& outcome) {
  Event hanging;
  asked.on_stdout = [&hanging](std::string_view) {
    hanging.set();
    return Beat::progress;
  };
  TaskGroup group((co_await this_fiber).executor);
  group.spawn(run_until_stopped(launcher, asked, outcome));
  EXPECT_TRUE(co_await within(10s, happened(hanging)));
  group.stop();
  co_await group.join();
}

TEST_F(LauncherTest, KillsAndReapsTheChildOfAStoppedFiber) {
  std::optional<Result<ChildExit>> outcome;

  run(stop_once_it_hangs(launcher_, spec("hang"), outcome));

  ASSERT_TRUE(outcome);
  ASSERT_FALSE(*outcome);
  EXPECT_EQ(outcome->error().kind, ErrorKind::cancelled);
  EXPECT_FALSE(has_children());
}

TEST_F(LauncherTest, LeavesNoDescriptorBehind) {
  (void)run(launcher_.run(spec("ids"), {}));
  const auto before = open_descriptors();

  for (int each = 0; each < 5; ++each) EXPECT_TRUE(run(launcher_.run(spec("ids"), {})));

  EXPECT_EQ(open_descriptors(), before);
}

Task<void> run_one(Launcher& launcher, ChildSpec spec, std::atomic<int>& succeeded) {
  const auto exit = co_await launcher.run(std::move(spec), {});
  if (exit && exit->succeeded()) ++succeeded;
}
Task<void> run_many(Launcher& launcher, ChildSpec spec, int count, std::atomic<int>& succeeded) {
  TaskGroup group((co_await this_fiber).executor);
  for (int each = 0; each < count; ++each) group.spawn(run_one(launcher, spec, succeeded));
  co_await group.join();
}

TEST_F(LauncherTest, RunsManyChildrenAtOnce) {
  std::atomic<int> succeeded = 0;

  run(run_many(launcher_, spec("ids"), 20, succeeded));

  EXPECT_EQ(succeeded, 20);
  EXPECT_FALSE(has_children());
}

TEST_F(LauncherTest, LetsNoChildOutliveAKilledServer) {
  const auto lifeline = folder_.path() / "lifeline";
  ASSERT_EQ(::mkfifo(lifeline.c_str(), 0666), 0);
  auto server = spawn_process({"/proc/self/exe", std::string(testing::misbehave_command), "server", folder_.path()}, {});
  ASSERT_TRUE(server) << server.error().message;
  char started = 0;
  ASSERT_EQ(::read(server->standard_output.get(), &started, 1), 1);
  const Descriptor writer(::open(lifeline.c_str(), O_WRONLY | O_NONBLOCK));
  ASSERT_GE(writer.get(), 0) << "the child does not hold its input";

  ::kill(server->pid, SIGKILL);
  ::waitpid(server->pid, nullptr, 0);

  pollfd wait{writer.get(), 0, 0};  // POLLERR: the last reader is gone
  EXPECT_EQ(::poll(&wait, 1, 10'000), 1);
}

}  // namespace
}  // namespace kinora
