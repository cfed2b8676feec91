#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "modules/chat/citations.hpp"
#include "tests/quality/asking.hpp"

/// Five minutes of sixteen subjects, heard once (tests/media/SOURCES.md): does search find, do answers quote what was asked
/// for, is what is not there refused? The model, the index and everything behind the transcript are real.
namespace kinora {
namespace {

using testing::ask_development;
using testing::ask_questions;
using testing::Asked;
using testing::json_of_file;
using testing::Library;
using testing::questions_of;
using testing::score_of;
using testing::tell;
using testing::tour;

void expect_short_verbatim_quotes(const Asked& asked) {
  EXPECT_LE(asked.reply.citations.size(), 3U) << asked.question.question;
  for (const auto& citation : asked.reply.citations) {
    EXPECT_LE(citation.end - citation.start, Seconds(30)) << citation.text;
    EXPECT_TRUE(chat::is_verbatim(asked.transcript, citation)) << citation.text;
  }
}

// One test, because asking costs half a minute.
TEST(TourQuestions, FindTheirPassageAndAreAnsweredFromItOrRefused) {
  Library library;
  const auto heard = json_of_file<testing::Heard>(tour / "heard.json");

  const auto asked = library.with(heard, ask_questions);

  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  tell("questions", *asked);
  const auto score = score_of(*asked);
  EXPECT_GE(score.third, 16);
  EXPECT_EQ(score.cited, 16);
  EXPECT_EQ(score.refused_wrongly, 0);
  EXPECT_EQ(score.refused_rightly, 6);
  for (const auto& each : *asked) expect_short_verbatim_quotes(each);
}

// The questions that were looked at while ranking and refusal were made: a change that helps the others alone is luck.
TEST(TourDevelopmentQuestions, FareNoWorseThanWhenTheyWereLastLookedAt) {
  Library library;
  const auto heard = json_of_file<testing::Heard>(tour / "heard.json");

  const auto asked = library.with(heard, ask_development);

  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  tell("development", *asked);
  const auto score = score_of(*asked);
  EXPECT_GE(score.third, 14);
  EXPECT_GE(score.cited, 13);
  EXPECT_LE(score.refused_wrongly, 1);
  EXPECT_GE(score.refused_rightly, 3);
}

struct Reference {
  struct Passage {
    std::string title;
    double start = 0;
    double end = 0;
    std::string text;
  };
  std::vector<Passage> segments{};
};

TEST(TourQuestionSet, HasParaphrases) {
  const auto reference = json_of_file<Reference>(tour / "reference.json");
  for (const auto* file : {"questions.jsonl", "development.jsonl"}) {
    std::set<std::string> subjects;
    for (const auto& question : questions_of(tour / file)) {
      if (!question.video) continue;
      const auto passage = std::ranges::find(reference.segments, *question.start, &Reference::Passage::start);
      ASSERT_NE(passage, reference.segments.end()) << question.question;
      subjects.insert(passage->title);
      const auto said = ai::content_words(passage->text);
      const auto asked = ai::content_words(question.question);
      EXPECT_LE(std::ranges::count_if(asked, [&](const auto& word) { return said.contains(word); }), 1) << question.question;
    }
    EXPECT_EQ(subjects.size(), 16U) << file;
  }
}

}  // namespace
}  // namespace kinora
