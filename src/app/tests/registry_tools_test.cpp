#include "app/commands/registry_tools.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/tests/folder.hpp"

namespace kinora::app {
namespace {

TEST(RegistryTools, KnowEveryArchiveOfTheLanguageModel) {
  const testing::Folder cache;
  const auto tools = RegistryTools::unpack();
  ASSERT_TRUE(tools) << tools.error().message;

  ::testing::internal::CaptureStdout();
  const auto code = tools->run({"fetch.py", "--list", "llm"}, cache.path());
  const auto told = ::testing::internal::GetCapturedStdout();

  EXPECT_EQ(code.value_or(-1), 0);
  EXPECT_EQ(std::ranges::count(told, '\n'), 22) << told;
}

TEST(RegistryTools, TellWhenTheyFail) {
  const testing::Folder cache;
  const auto tools = RegistryTools::unpack();
  ASSERT_TRUE(tools) << tools.error().message;

  ::testing::internal::CaptureStderr();
  const auto code = tools->run({"make_models.py", "no-such-group"}, cache.path());
  const auto told = ::testing::internal::GetCapturedStderr();

  EXPECT_EQ(code.value_or(0), 1);
  EXPECT_NE(told.find("no-such-group"), std::string::npos) << told;
}

}  // namespace
}  // namespace kinora::app
