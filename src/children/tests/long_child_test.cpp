#include "children/long_child.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <atomic>
#include <cerrno>

#include "base/deadline.hpp"
#include "base/task_group.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"
#include "children/tests/misbehave.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using testing::run;

class NoLog : public Log {
 public:
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

class LongChildTest : public ::testing::Test {
 protected:
  std::filesystem::path socket() const { return folder_.path() / "server.sock"; }

  LongChildSettings settings(std::string deed) {
    LongChildSettings settings;
    settings.name = "test server";
    settings.spec = [this, deed] { return spec(deed); };
    settings.ready = [this] { return answer_if(std::filesystem::exists(socket())); };
    settings.start_limit = 10s;
    settings.ready_pause = 1ms;
    settings.rest_min = settings.rest_max = 1ms;
    return settings;
  }
  ChildSpec spec(std::string deed) {
    ++starts_;
    std::filesystem::remove(socket());
    ChildSpec spec;
    spec.program = "/proc/self/exe";
    spec.arguments = {std::string(testing::misbehave_command), std::move(deed), "server.sock"};
    spec.profile = ProfileName::model;
    spec.scratch = folder_.path();
    return spec;
  }
  static Task<Result<void>> answer_if(bool answers) {
    if (!answers) co_return fail(ErrorKind::unavailable, "does not answer yet");
    co_return {};
  }

  testing::ScratchFolder folder_;
  Launcher launcher_{LauncherSettings{}};
  NoLog log_;
  std::atomic<int> starts_ = 0;
};

using Act = Task<void> (*)(LongChild&);

Task<void> beside_its_service(LongChild& child, Act act) {
  TaskGroup service((co_await this_fiber).executor);
  service.spawn(child.serve());
  co_await act(child);
  service.stop();
  co_await service.join();
}

Task<Result<void>> until_stopped(LongChild& child) {
  while (child.is_ready()) co_await ok(pause_for(1ms));
  co_return {};
}

Task<void> use_once(LongChild& child) {
  EXPECT_FALSE(child.is_ready());
  const auto use = co_await within(10s, child.use());
  EXPECT_TRUE(use) << use.error().message;
  EXPECT_TRUE(child.is_ready());
}

TEST_F(LongChildTest, StartsWhenItIsUsedAndEndsWithItsService) {
  LongChild child(launcher_, log_, settings("serve"));

  run(beside_its_service(child, use_once));

  EXPECT_EQ(starts_, 1);
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

Task<void> use_twice_with_a_long_pause(LongChild& child) {
  EXPECT_TRUE(co_await within(10s, child.use()));
  EXPECT_TRUE(co_await within(10s, until_stopped(child)));
  EXPECT_TRUE(co_await within(10s, child.use()));
}

TEST_F(LongChildTest, StopsWhenNobodyUsesItAndStartsAgain) {
  auto asked = settings("serve");
  asked.idle_limit = 20ms;
  LongChild child(launcher_, log_, asked);

  run(beside_its_service(child, use_twice_with_a_long_pause));

  EXPECT_EQ(starts_, 2);
}

Task<void> hold_past_the_idle_limit(LongChild& child) {
  const auto use = co_await within(10s, child.use());
  EXPECT_TRUE(co_await pause_for(60ms));
  EXPECT_TRUE(child.is_ready());
}

TEST_F(LongChildTest, StaysWhileItIsUsed) {
  auto asked = settings("serve");
  asked.idle_limit = 1ms;
  LongChild child(launcher_, log_, asked);

  run(beside_its_service(child, hold_past_the_idle_limit));

  EXPECT_EQ(starts_, 1);
}

Task<void> fail_to_use(LongChild& child) {
  const auto use = co_await within(10s, child.use());
  EXPECT_FALSE(use);
  if (!use) {
    EXPECT_EQ(use.error().kind, ErrorKind::unavailable);
  }
}

TEST_F(LongChildTest, TellsItsUsersWhenItDoesNotStart) {
  LongChild child(launcher_, log_, settings("crash"));

  run(beside_its_service(child, fail_to_use));
}

Task<void> use_until_it_works(LongChild& child) {
  EXPECT_FALSE(co_await within(10s, child.use()));
  for (int tries = 0; tries < 10'000; ++tries) {
    if (co_await within(10s, child.use())) co_return;
    EXPECT_TRUE(co_await pause_for(1ms));
  }
  ADD_FAILURE() << "never came back";
}

TEST_F(LongChildTest, ComesBackAfterACrash) {
  auto asked = settings("serve");
  asked.spec = [this] { return spec(starts_ == 0 ? "crash" : "serve"); };
  LongChild child(launcher_, log_, asked);

  run(beside_its_service(child, use_until_it_works));

  EXPECT_EQ(starts_, 2);
}

}  // namespace
}  // namespace kinora
