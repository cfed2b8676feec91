#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <set>

#include "modules/chat/citations.hpp"
#include "tests/quality/library.hpp"

/// Five minutes of sixteen subjects, heard once (tests/media/SOURCES.md): does search find, do answers quote what was asked
/// for, is what is not there refused? The model, the index and everything behind the transcript are real.
namespace kinora {
namespace {

using testing::json_of_file;
using testing::Library;
using testing::Question;
using testing::questions_of;

const std::filesystem::path folder = "tests/media/tour";

struct Asked {
  Question question;
  std::vector<search::Moment> moments;
  chat::Message reply;
  ai::Transcript transcript;

  bool is_absent() const { return !question.video; }
  bool is_refused() const { return reply.citations.empty(); }
  bool holds(Seconds start, Seconds end) const {
    const auto middle = (start + end).count() / 2;
    return !is_absent() && middle >= *question.start && middle <= *question.end;
  }
  bool found_among(std::size_t first) const {
    const auto best = std::span(moments).first(std::min(first, moments.size()));
    return std::ranges::any_of(best, [&](const auto& moment) { return holds(moment.start, moment.end); });
  }
  bool is_cited() const {
    return std::ranges::any_of(reply.citations, [&](const auto& citation) { return holds(citation.start, citation.end); });
  }
};

Task<Result<std::vector<Asked>>> ask_all(Library& library, std::vector<Question> questions) {
  auto visible = co_await ok(library.media().find(library.owner(), library.video()));
  const auto transcript = co_await ok(library.ai().transcript(library.owner(), std::move(visible)));
  const auto chat = co_await ok(library.chats().open(library.owner(), "Questions", {}));
  std::vector<Asked> asked;
  for (auto& question : questions) {
    search::Query query{.text = question.question};
    auto moments = co_await ok(library.search().find(library.owner(), std::move(query)));
    auto exchange = co_await ok(library.chats().ask(library.owner(), chat.id, question.question));
    asked.push_back({std::move(question), std::move(moments), std::move(exchange.reply), transcript});
  }
  co_return asked;
}
Task<Result<std::vector<Asked>>> ask_questions(Library& library) {
  auto questions = questions_of(folder / "questions.jsonl");
  return ask_all(library, std::move(questions));
}
Task<Result<std::vector<Asked>>> ask_development(Library& library) {
  auto questions = questions_of(folder / "development.jsonl");
  return ask_all(library, std::move(questions));
}

struct Score {
  long first = 0;
  long third = 0;
  long cited = 0;
  long refused_wrongly = 0;
  long refused_rightly = 0;
};
Score score_of(const std::vector<Asked>& asked) {
  Score score;
  for (const auto& each : asked) {
    score.first += each.found_among(1) ? 1 : 0;
    score.third += each.found_among(3) ? 1 : 0;
    score.cited += each.is_cited() ? 1 : 0;
    score.refused_wrongly += !each.is_absent() && each.is_refused() ? 1 : 0;
    score.refused_rightly += each.is_absent() && each.is_refused() ? 1 : 0;
  }
  return score;
}

void tell(std::string_view name, const std::vector<Asked>& asked) {
  for (const auto& each : asked) {
    const bool right = each.is_absent() ? each.is_refused() : each.is_cited() && each.found_among(3);
    if (right) continue;
    std::cout << (each.is_refused() ? "refused  " : "answered ") << each.question.question << "  ("
              << (each.found_among(3) ? "found" : "not found") << ")\n";
    for (const auto& citation : each.reply.citations) std::cout << "    " << citation.text << '\n';
  }
  const auto [first, third, cited, wrongly, rightly] = score_of(asked);
  std::cout << name << ": first " << first << ", among three " << third << ", cited " << cited << ", refused wrongly "
            << wrongly << ", refused rightly " << rightly << '\n';
}

void expect_short_verbatim_quotes(const Asked& asked) {
  EXPECT_LE(asked.reply.citations.size(), 3U) << asked.question.question;
  for (const auto& citation : asked.reply.citations) {
    EXPECT_LE(citation.end - citation.start, Seconds(30)) << citation.text;
    EXPECT_TRUE(chat::is_verbatim(asked.transcript, citation)) << citation.text;
  }
}

// One test, because asking costs half a minute. Wanted are all 16 cited and all six refused: what is short stands in the
// roadmap, and what is there must stay.
TEST(TourQuestions, FindTheirPassageAndAreAnsweredFromItOrRefused) {
  Library library;
  const auto heard = json_of_file<testing::Heard>(folder / "heard.json");

  const auto asked = library.with(heard, ask_questions);

  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  tell("questions", *asked);
  const auto score = score_of(*asked);
  EXPECT_GE(score.third, 14);
  EXPECT_GE(score.cited, 14);
  EXPECT_EQ(score.refused_wrongly, 0);
  EXPECT_GE(score.refused_rightly, 5);
  for (const auto& each : *asked) expect_short_verbatim_quotes(each);
}

// The questions that were looked at while ranking and refusal were made: a change that helps the others alone is luck.
TEST(TourDevelopmentQuestions, FareNoWorseThanWhenTheyWereLastLookedAt) {
  Library library;
  const auto heard = json_of_file<testing::Heard>(folder / "heard.json");

  const auto asked = library.with(heard, ask_development);

  ASSERT_TRUE(asked.has_value()) << asked.error().message;
  tell("development", *asked);
  const auto score = score_of(*asked);
  EXPECT_GE(score.third, 13);
  EXPECT_GE(score.cited, 12);
  EXPECT_LE(score.refused_wrongly, 2);
  EXPECT_GE(score.refused_rightly, 4);
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
  const auto reference = json_of_file<Reference>(folder / "reference.json");
  for (const auto* file : {"questions.jsonl", "development.jsonl"}) {
    std::set<std::string> subjects;
    for (const auto& question : questions_of(folder / file)) {
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
