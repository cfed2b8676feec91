#include "children/health.hpp"

#include <gtest/gtest.h>

#include "base/tests/run.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using testing::run;
using testing::ScratchFolder;

TEST(HealthOfChildren, IsLessWithoutAFileTheyNeed) {
  const ScratchFolder scratch;
  const auto program = scratch.file("program", "");
  const auto part = health_of_children("speech", {program, scratch.path() / "weights.bin"});
  const auto without = run(part.check());
  scratch.file("weights.bin", "");

  ASSERT_FALSE(without);
  EXPECT_TRUE(without.error().message.contains("weights.bin is not installed")) << without.error().message;
  EXPECT_FALSE(without.error().message.contains(scratch.path().string())) << "a path leaves the server";
  EXPECT_TRUE(run(part.check())) << "installed meanwhile";
  EXPECT_EQ(part.weight, HealthPart::Weight::optional);
}

TEST(HealthOfTheJail, IsLessWhenTheJailIsWeak) {
  EXPECT_FALSE(run(health_of_jail(Sandbox::weak).check()));
  EXPECT_TRUE(run(health_of_jail(Sandbox::strict).check())) << "the kernel of this machine has Landlock";
}

}  // namespace
}  // namespace kinora
