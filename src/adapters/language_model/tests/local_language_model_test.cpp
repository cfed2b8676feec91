#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/language_model/open.hpp"
#include "base/task_group.hpp"
#include "base/tests/run.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using ::testing::HasSubstr;

class NoLog final : public Log {
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

class LocalLanguageModel : public ::testing::Test {
 protected:
  std::unique_ptr<ServedLanguageModel> opened(std::filesystem::path program, std::filesystem::path model) {
    return open_local_language_model({.program = std::move(program),
                                      .model = std::move(model),
                                      .folder = folder_.path() / "run",
                                      .model_sha256 = "0123456789abcdef"},
                                     launcher_, log_);
  }

  testing::ScratchFolder folder_;
  Launcher launcher_{LauncherSettings{}};
  NoLog log_;
};

TEST_F(LocalLanguageModel, IsNoneWithoutProgramOrWeights) {
  const auto weights = folder_.file("small.gguf", "weights");
  for (const auto& [program, model] : {std::pair{std::filesystem::path("/nowhere/llama-server"), weights},
                                       std::pair{std::filesystem::path("/bin/true"), folder_.path() / "none.gguf"}}) {
    const auto none = opened(program, model);

    const auto answer = testing::run(none->reply({}));

    EXPECT_EQ(none->place(), ModelPlace::none);
    EXPECT_EQ(none->model(), "");
    ASSERT_FALSE(answer.has_value());
    EXPECT_EQ(answer.error().code, "no_model");
    EXPECT_THAT(answer.error().message, HasSubstr("kinora models fetch llm"));
  }
}

TEST_F(LocalLanguageModel, IsCalledByItsFileAndHash) {
  const auto model = opened("/bin/true", folder_.file("small.gguf", "weights"));

  EXPECT_EQ(model->place(), ModelPlace::local);
  EXPECT_EQ(model->model(), "small@0123456789ab");
}

Task<Result<std::string>> reply_served(ServedLanguageModel& model) {
  TaskGroup service((co_await this_fiber).executor);
  service.spawn(model.serve());
  auto answer = co_await model.reply({});
  service.stop();
  co_await service.join();
  co_return answer;
}

TEST_F(LocalLanguageModel, IsUnavailableWhenItsServerDoesNotStart) {
  const auto model = opened("/bin/false", folder_.file("small.gguf", "weights"));

  const auto answer = testing::run(reply_served(*model));

  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace kinora
