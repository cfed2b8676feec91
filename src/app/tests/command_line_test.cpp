#include "app/command_line.hpp"

#include <gtest/gtest.h>

#include <array>

#include "app/tests/folder.hpp"

namespace kinora::app {
namespace {

constexpr int port_was_overridden = 40;
constexpr int nested_ran = 41;
constexpr int variant_ran = 42;
constexpr int third_word_ran = 43;
constexpr int untold_ran = 44;
constexpr int argument_came = 45;

constexpr auto commands = std::to_array<Command>({
    {"serve", "start the server",
     [](const Config& config) { return config.port == 9000 ? port_was_overridden : exit_success; }},
    {"user setup-link", "a fresh link", [](const Config&) { return nested_ran; }},
    {"failpoints", "", [](const Config&) { return untold_ran; }},
    {"user mail ana", "a mail", [](const Config&) { return third_word_ran; }},
    {"user list",
     "all of them",
     [](const Config&) { return exit_success; },
     {"--short", "their names only", [](const Config&) { return variant_ran; }}},
    {.name = "backup",
     .description = "a copy",
     .run = nullptr,
     .argument = {"folder", [](const Config&, const std::string& folder) { return folder == "/mnt" ? argument_came : 1; }}},
    {.name = "eval", .description = "a client", .run = nullptr, .argument = {"file", nullptr}},
});

class CommandLine : public ::testing::Test {
 protected:
  int run(std::vector<const char*> words) {
    words.insert(words.begin(), "kinora");
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const Variables environment = {{"KINORA_DATA", folder_.path()}};
    const int code = run_command_line(commands, static_cast<int>(words.size()), words.data(), environment);
    std::fflush(nullptr);
    out_ = ::testing::internal::GetCapturedStdout();
    error_ = ::testing::internal::GetCapturedStderr();
    return code;
  }

  testing::Folder folder_;
  std::string out_;
  std::string error_;
};

TEST_F(CommandLine, RunsACommandWithItsOptions) { EXPECT_EQ(run({"serve", "--port", "9000"}), port_was_overridden); }

TEST_F(CommandLine, TakesOptionsBeforeTheCommandToo) { EXPECT_EQ(run({"--port", "9000", "serve"}), port_was_overridden); }

TEST_F(CommandLine, RunsACommandOfTwoWords) { EXPECT_EQ(run({"user", "setup-link"}), nested_ran); }

TEST_F(CommandLine, RunsACommandOfThreeWords) { EXPECT_EQ(run({"user", "mail", "ana"}), third_word_ran); }

TEST_F(CommandLine, RunsACommandThatItDoesNotTellOf) { EXPECT_EQ(run({"failpoints"}), untold_ran); }

TEST_F(CommandLine, TellsACommandItsArgument) { EXPECT_EQ(run({"backup", "/mnt"}), argument_came); }

TEST_F(CommandLine, WantsTheArgument) {
  EXPECT_EQ(run({"backup"}), exit_wrong_usage);
  EXPECT_NE(error_.find("folder"), std::string::npos) << error_;
}

TEST_F(CommandLine, ShowsWhatACommandMustBeTold) {
  run({"--help"});
  EXPECT_NE(out_.find("  backup <folder>        a copy\n"), std::string::npos) << out_;
}

TEST_F(CommandLine, TellsOfACommandThatHasACommandLineOfItsOwn) {
  run({"--help"});
  EXPECT_NE(out_.find("  eval <file>            a client\n"), std::string::npos) << out_;
  EXPECT_EQ(run({"eval", "questions"}), exit_wrong_usage);
}

TEST_F(CommandLine, RunsACommandInAnotherWay) {
  EXPECT_EQ(run({"user", "list", "--short"}), variant_ran);
  EXPECT_EQ(run({"user", "list"}), exit_success);
  EXPECT_EQ(run({"serve", "--short"}), exit_wrong_usage);
}

TEST_F(CommandLine, NamesEveryCommandInItsHelpThatHasADescription) {
  EXPECT_EQ(run({"--help"}), exit_success);

  for (const auto& [name, description, ignored, variant, argument] : commands)
    EXPECT_EQ(out_.find(name) != std::string::npos, !description.empty()) << name;
  EXPECT_NE(out_.find("user list --short"), std::string::npos) << out_;
  EXPECT_TRUE(error_.empty()) << error_;
}

TEST_F(CommandLine, ShowsItsHelpWhenNothingIsAsked) {
  EXPECT_EQ(run({}), exit_success);

  EXPECT_NE(out_.find("Usage: kinora <command>"), std::string::npos) << out_;
}

TEST_F(CommandLine, TellsItsVersion) {
  EXPECT_EQ(run({"--version"}), exit_success);

  EXPECT_TRUE(out_.starts_with("kinora ")) << out_;
}

TEST_F(CommandLine, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(run({"sevre"}), exit_wrong_usage);
  EXPECT_NE(error_.find("sevre"), std::string::npos) << error_;

  EXPECT_EQ(run({"serve", "--prot", "1"}), exit_wrong_usage);
  EXPECT_NE(error_.find("--prot"), std::string::npos) << error_;

  EXPECT_EQ(run({"user"}), exit_wrong_usage);
}

TEST_F(CommandLine, RefusesAWrongSettingBeforeAnythingRuns) {
  EXPECT_EQ(run({"user", "setup-link", "--port", "99999"}), exit_wrong_usage);

  EXPECT_NE(error_.find("PORT=99999 (command line)"), std::string::npos) << error_;
}

}  // namespace
}  // namespace kinora::app
