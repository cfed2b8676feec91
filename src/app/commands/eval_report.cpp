#include "app/commands/eval_report.hpp"

#include <algorithm>
#include <span>
#include <sstream>

#include "base/json.hpp"

namespace kinora::app {

namespace {

bool any_right(const EvalQuestion& question, std::span<const EvalPassage> passages) {
  return std::ranges::any_of(passages, [&](const EvalPassage& passage) { return is_right(question, passage); });
}

bool found_among(const EvalAnswer& answer, std::size_t first) {
  return any_right(answer.question, std::span(answer.found).first(std::min(first, answer.found.size())));
}

}  // namespace

Result<std::vector<EvalQuestion>> parse_questions(const std::string& lines) {
  std::vector<EvalQuestion> questions;
  std::istringstream stream(lines);
  int number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    if (line.empty()) continue;
    auto question = from_json_text<EvalQuestion>(line);
    if (!question || question->question.empty())
      return fail(ErrorKind::invalid, "line " + std::to_string(number) +
                                          " is no question: write {\"question\": \"...\"}, with " +
                                          "\"video\", \"start\" and \"end\" of its answer when it has one");
    questions.push_back(*std::move(question));
  }
  if (questions.empty()) return fail(ErrorKind::invalid, "the file has no questions");
  return questions;
}

bool is_right(const EvalQuestion& question, const EvalPassage& passage) {
  if (!question.video || (*question.video != passage.video_id && *question.video != passage.title)) return false;
  const auto middle = (passage.start + passage.end) / 2;
  return middle >= question.start.value_or(middle) && middle <= question.end.value_or(middle);
}

std::vector<EvalRow> rows_of(const std::vector<EvalAnswer>& answers, const EvalLimits& limits) {
  EvalRow top1{"right passage first", 0, 0, limits.top1};
  EvalRow top3{"right passage among three", 0, 0, limits.top3};
  EvalRow cited{"right passage cited", 0, 0, limits.cited};
  EvalRow answered{"answered, as it should be", 0, 0, limits.answered};
  EvalRow refused{"refused, as it should be", 0, 0, limits.refused};
  EvalRow verbatim{"quotes word for word", 0, 0, limits.verbatim};
  for (const auto& answer : answers) {
    verbatim.count += answer.verbatim;
    verbatim.of += answer.cited.size();
    if (!answer.question.video) {
      refused.count += answer.cited.empty() ? 1 : 0;
      ++refused.of;
      continue;
    }
    top1.count += found_among(answer, 1) ? 1 : 0;
    top3.count += found_among(answer, 3) ? 1 : 0;
    cited.count += any_right(answer.question, answer.cited) ? 1 : 0;
    answered.count += answer.cited.empty() ? 0 : 1;
    for (auto* row : {&top1, &top3, &cited, &answered}) ++row->of;
  }
  return {top1, top3, cited, answered, refused, verbatim};
}

}  // namespace kinora::app
