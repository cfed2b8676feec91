#include "base/failpoints.hpp"

#include <gtest/gtest.h>
#include <signal.h>

namespace kinora {
namespace {

class Failpoints : public ::testing::Test {
 protected:
  static void arm(std::string_view text) {
    const auto plan = parse_failpoints(text);
    ASSERT_TRUE(plan) << text;
    arm_failpoints(*plan);
  }
  void TearDown() override { arm_failpoints({}); }
};

TEST_F(Failpoints, DoNothingUntilTheyAreArmed) { EXPECT_TRUE(may_fail("jobs.finish")); }

TEST_F(Failpoints, FailEachPassingUnlessToldWhich) {
  arm("jobs.finish=error");

  for (int passing = 1; passing <= 3; ++passing) EXPECT_EQ(may_fail("jobs.finish").error().kind, ErrorKind::unavailable);
}

TEST_F(Failpoints, FailThePassingTheyAreToldAndNoOther) {
  arm("jobs.finish=error@2");

  EXPECT_TRUE(may_fail("jobs.finish"));
  EXPECT_FALSE(may_fail("jobs.finish"));
  EXPECT_TRUE(may_fail("jobs.finish"));
}

TEST_F(Failpoints, LeaveOthersAlone) {
  arm("jobs.finish=error");

  EXPECT_TRUE(may_fail("jobs.claim"));
}

TEST_F(Failpoints, HaveNoErrorForWhatIsDone) {
  arm("jobs.ended=error");

  may_end("jobs.ended");
}

TEST_F(Failpoints, EndTheProcessWithoutAWord) {
  EXPECT_EXIT(
      {
        arm("jobs.ended=kill@2");
        may_end("jobs.ended");
        may_end("jobs.ended");
      },
      ::testing::KilledBySignal(SIGKILL), "^$");
}

TEST_F(Failpoints, AreNotArmedByAWrongText) {
  for (const auto* text : {"jobs.finish", "jobs.finish=", "jobs.finish=die", "jobs.finnish=kill", "jobs.finish=kill@0",
                           "jobs.finish=kill@x", "jobs.finish@2=kill", "jobs.finish=kill,"})
    EXPECT_FALSE(parse_failpoints(text)) << text;
}

}  // namespace
}  // namespace kinora
