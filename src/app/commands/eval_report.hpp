#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

/// What `kinora eval` makes of a server's answers. Pure.
namespace kinora::app {

/// One line of the file (JSON): without a video nothing answers the question.
struct EvalQuestion {
  std::string question;
  std::optional<std::string> video{};  ///< id or title
  std::optional<double> start{};       ///< seconds; absent: anywhere in the video
  std::optional<double> end{};
};
/// Errors: invalid, with the line's number.
Result<std::vector<EvalQuestion>> parse_questions(const std::string& lines);

/// A passage that was found or cited.
struct EvalPassage {
  std::string video_id;
  std::string title;
  double start = 0;
  double end = 0;
  std::string text;
};
bool is_right(const EvalQuestion& question, const EvalPassage& passage);

/// What the server made of one question.
struct EvalAnswer {
  EvalQuestion question;
  std::vector<EvalPassage> found{};
  std::vector<EvalPassage> cited{};
  std::size_t verbatim = 0;  ///< of the cited ones, those that stand in their transcript
};

/// A part of a whole, and the least share that is wanted of it.
struct EvalRow {
  std::string name;
  std::size_t count = 0;
  std::size_t of = 0;
  double wanted = 0;
  double share() const { return of == 0 ? 1 : static_cast<double>(count) / static_cast<double>(of); }
  bool is_short() const { return share() < wanted; }
};
/// The least shares, as the command line gives them; nothing is wanted by default.
struct EvalLimits {
  double top1 = 0;
  double top3 = 0;
  double cited = 0;
  double verbatim = 0;
  double answered = 0;
  double refused = 0;
};
std::vector<EvalRow> rows_of(const std::vector<EvalAnswer>& answers, const EvalLimits& limits);

}  // namespace kinora::app
