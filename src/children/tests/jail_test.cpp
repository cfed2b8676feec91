#include <gtest/gtest.h>
#include <unistd.h>

#include "base/tests/run.hpp"
#include "children/launcher.hpp"
#include "children/tests/misbehave.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using testing::run;

/// Runs one deed of misbehave.cpp in a jail.
class Jail : public ::testing::Test {
 protected:
  ChildSpec spec(std::string deed, std::string argument = {}) {
    ChildSpec spec;
    spec.program = "/proc/self/exe";
    spec.arguments = {std::string(testing::misbehave_command), std::move(deed), std::move(argument)};
    spec.scratch = folder_.folder("scratch");
    return spec;
  }
  std::string output_of(ChildSpec asked) {
    const auto exit = run(launcher_.run(std::move(asked), {}));
    return exit ? exit->stdout_tail + exit->stderr_tail : exit.error().message;
  }

  testing::ScratchFolder folder_;
  Launcher launcher_{LauncherSettings{}};
};

TEST_F(Jail, ReadsAnInputByItsDescriptor) {
  const auto input = folder_.file("input", "x");
  auto asked = spec("read", input);
  asked.readable = {input};

  EXPECT_EQ(output_of(asked), "read: done\n");
}

TEST_F(Jail, ReadsAnInputInAFolderTheChildCannotEnter) {
  const auto input = folder_.file("input", "x");
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::owner_all);
  auto asked = spec("read", input);
  asked.readable = {input};

  EXPECT_EQ(output_of(asked), "read: done\n");
}

TEST_F(Jail, DoesNotReadANeighbourOfItsInput) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);
  const auto neighbour = folder_.file("neighbour", "x");

  EXPECT_EQ(output_of(spec("read", neighbour)), "read: Permission denied\n");
}

TEST_F(Jail, DoesNotReadTheSystemsFiles) {
  EXPECT_EQ(output_of(spec("read", "/etc/passwd")), "read: Permission denied\n");
  EXPECT_EQ(output_of(spec("list", "/")), "list: Permission denied\n");
  EXPECT_EQ(output_of(spec("read", "/proc/1/environ")), "read: Permission denied\n");
}

TEST_F(Jail, WritesOnlyInItsScratchFolder) {
  std::filesystem::permissions(folder_.path(), std::filesystem::perms::all);

  EXPECT_EQ(output_of(spec("write", "made")), "write: done\n");
  EXPECT_EQ(output_of(spec("write", folder_.path() / "beside")), "write: Permission denied\n");
  EXPECT_TRUE(std::filesystem::exists(folder_.path() / "scratch/made"));
}

TEST_F(Jail, OpensNoSocket) {
  EXPECT_EQ(output_of(spec("socket", "internet")), "socket: Operation not permitted\n");
  EXPECT_EQ(output_of(spec("socket", "unix")), "socket: Operation not permitted\n");
}

TEST_F(Jail, LetsAModelListenOnAUnixSocketInItsFolderOnly) {
  auto inside = spec("listen", "server.sock");
  auto outside = spec("listen", folder_.path() / "server.sock");
  auto internet = spec("socket", "internet");
  inside.profile = outside.profile = internet.profile = ProfileName::model;

  EXPECT_EQ(output_of(inside), "listen: done\n");
  EXPECT_EQ(output_of(outside), "listen: Permission denied\n");
  EXPECT_EQ(output_of(internet), "socket: Operation not permitted\n");
}

TEST_F(Jail, StartsThreadsButNoProcess) {
  EXPECT_EQ(output_of(spec("thread")), "thread: done\n");
  EXPECT_EQ(output_of(spec("fork")), "fork: Operation not permitted\n");
}

TEST_F(Jail, RunsNoOtherProgram) { EXPECT_EQ(output_of(spec("shell")), "exec: Permission denied\n"); }

TEST_F(Jail, SignalsNobody) { EXPECT_EQ(output_of(spec("signal")), "signal: Operation not permitted\n"); }

TEST_F(Jail, RefusesMemoryPastTheLimit) {
  auto asked = spec("memory", std::to_string(70ULL << 20));  // 70 TiB: would fit into the address space
  EXPECT_EQ(output_of(asked), "memory: Cannot allocate memory\n");
}

TEST_F(Jail, GivesTheChildNoDescriptorButItsOwn) { EXPECT_EQ(output_of(spec("descriptors")), "descriptors 3\n"); }

TEST_F(Jail, KeepsTheServersEnvironmentFromTheChild) {
  ::setenv("KINORA_TEST_SECRET", "canary", 1);

  const auto seen = output_of(spec("environment"));

  EXPECT_EQ(seen.find("canary"), std::string::npos) << seen;
  EXPECT_NE(seen.find("LANG=C.UTF-8"), std::string::npos) << seen;
}

TEST_F(Jail, IsNotRootAndYieldsToTheServer) {
  const auto seen = output_of(spec("ids"));

  // An ordinary user is itself, or nobody in a user namespace of its own.
  const auto own = "uid " + std::to_string(::getuid() == 0 ? 65534 : ::getuid()) + " nice 15\n";
  EXPECT_TRUE(seen == own || seen == "uid 65534 nice 15\n") << seen;
}

TEST_F(Jail, RefusesAProgramThatIsNotThere) {
  auto asked = spec("ids");
  asked.program = "/usr/bin/no-such-program";

  const auto exit = run(launcher_.run(asked, {}));

  ASSERT_FALSE(exit);
  EXPECT_EQ(exit.error().kind, ErrorKind::unavailable);
  EXPECT_NE(exit.error().message.find("no-such-program"), std::string::npos) << exit.error().message;
}

}  // namespace
}  // namespace kinora
