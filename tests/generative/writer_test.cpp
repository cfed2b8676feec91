#include <gmock/gmock.h>

#include "modules/ai/generative.hpp"
#include "modules/ai/outline.hpp"
#include "tests/quality/asking.hpp"

/// Qwen2.5-Coder-1.5B-Instruct on the five-minute talk. Hours of a busy machine are no failure: nothing here has a time limit.
namespace kinora {
namespace {

using testing::Library;
using testing::score_of;
using testing::tour;

const std::filesystem::path weights = std::filesystem::path(KINORA_MODELS) / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf";

template <class T>
Result<T> with_model(Task<Result<T>> (*work)(Library&)) {
  Library library(weights);
  library.chats().wait_for_model(std::chrono::minutes(10));
  EXPECT_EQ(library.writer().place(), ModelPlace::local) << "there is no model: make generative";
  return library.with(testing::json_of_file<testing::Heard>(tour / "heard.json"), work);
}

Task<Result<ai::Transcript>> transcript_in(Library& library) {
  auto visible = co_await ok(library.media().find(library.owner(), library.video()));
  co_return co_await library.ai().transcript(library.owner(), std::move(visible));
}
Task<Result<ai::Summary>> summarise(Library& library) {
  const auto transcript = co_await ok(transcript_in(library));
  co_return co_await ai::written_summary(library.writer(), transcript, ai::chapters_of(transcript.segments));
}
Task<Result<std::vector<ai::Chapter>>> name_chapters(Library& library) {
  const auto transcript = co_await ok(transcript_in(library));
  co_return co_await ai::named_chapters(library.writer(), transcript, ai::chapters_of(transcript.segments));
}

TEST(TheModel, WritesASummary) {
  const auto summary = with_model(summarise);

  ASSERT_TRUE(summary) << summary.error().message;
  std::cout << summary->text << "\nquality " << summary->quality << '\n';
  EXPECT_EQ(summary->model_info.engine, ai::Engine::local_llm);
  EXPECT_GE(summary->key_points.size(), 4U);
  EXPECT_LE(summary->key_points.size(), 6U);
}

TEST(TheModel, NamesChapters) {
  const auto chapters = with_model(name_chapters);

  ASSERT_TRUE(chapters) << chapters.error().message;
  for (const auto& chapter : *chapters) std::cout << chapter.start.count() << "  " << chapter.title << '\n';
}

void expect_its_own_answers(const std::vector<testing::Asked>& asked) {
  const auto written = std::ranges::count_if(
      asked, [](const auto& each) { return each.reply.engine == chat::Engine::local_llm && !each.is_refused(); });
  std::cout << "written by the model: " << written << '\n';
  EXPECT_GT(written, 0);
}

TEST(TheModel, AnswersTheDevelopmentQuestions) {
  const auto asked = with_model(testing::ask_development);

  ASSERT_TRUE(asked) << asked.error().message;
  testing::tell("development, with the model", *asked);
  expect_its_own_answers(*asked);
}

TEST(TheModel, AnswersTheQuestions) {
  const auto asked = with_model(testing::ask_questions);

  ASSERT_TRUE(asked) << asked.error().message;
  testing::tell("questions, with the model", *asked);
  expect_its_own_answers(*asked);
}

}  // namespace
}  // namespace kinora
