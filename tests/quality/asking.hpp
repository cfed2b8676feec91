#pragma once

#include <algorithm>
#include <iostream>
#include <span>

#include "tests/quality/library.hpp"

/// The talk's questions, asked and counted.
namespace kinora::testing {

inline const std::filesystem::path tour = "tests/media/tour";

/// A question, what was found for it, and what was answered.
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
  /// By a quote that lies within the passage from its first word to its last.
  bool is_cited() const {
    return std::ranges::any_of(reply.citations, [&](const auto& citation) {
      return !is_absent() && citation.start.count() >= *question.start && citation.end.count() <= *question.end;
    });
  }
};

inline Task<Result<std::vector<Asked>>> ask_all(Library& library, std::vector<Question> questions) {
  auto visible = co_await ok(library.media().find(library.owner(), library.video()));
  const auto transcript = co_await ok(library.ai().transcript(library.owner(), std::move(visible)));
  const auto chat = co_await ok(library.chats().open(library.owner(), "Questions", {}));
  std::vector<Asked> asked;
  for (auto& question : questions) {
    search::Query query{.text = question.question};
    auto moments = co_await ok(library.search().find(library.owner(), std::move(query)));
    auto exchange = co_await ok(library.chats().ask(library.owner(), chat.id, {question.question}));
    asked.push_back({std::move(question), std::move(moments), std::move(exchange.reply), transcript});
  }
  co_return asked;
}
struct Score {
  long first = 0;
  long third = 0;
  long cited = 0;
  long refused_wrongly = 0;
  long refused_rightly = 0;
};
inline Score score_of(const std::vector<Asked>& asked) {
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

inline void tell(std::string_view name, const std::vector<Asked>& asked) {
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

inline Task<Result<std::vector<Asked>>> ask_questions(Library& library) {
  auto questions = questions_of(tour / "questions.jsonl");
  return ask_all(library, std::move(questions));
}
inline Task<Result<std::vector<Asked>>> ask_development(Library& library) {
  auto questions = questions_of(tour / "development.jsonl");
  return ask_all(library, std::move(questions));
}

}  // namespace kinora::testing
