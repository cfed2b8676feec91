#include "app/commands/eval.hpp"

#include <fmt/core.h>

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "app/command_line.hpp"
#include "app/commands/eval_client.hpp"

namespace kinora::app {

namespace {

struct Order {
  std::string file;
  std::string server = "http://127.0.0.1:8080";
  EvalLimits limits{};
};

Result<std::vector<EvalQuestion>> read_questions(const std::string& path) {
  const std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::not_found, "there is no file " + path);
  std::ostringstream text;
  text << file.rdbuf();
  return parse_questions(text.str());
}

Result<std::vector<EvalAnswer>> ask_all(EvalClient& client, std::vector<EvalQuestion> questions) {
  std::vector<EvalAnswer> answers;
  for (auto& question : questions) {
    auto answer = client.ask(std::move(question));
    if (!answer) return std::unexpected(std::move(answer.error()));
    answers.push_back(*std::move(answer));
  }
  return answers;
}

Result<std::vector<EvalRow>> evaluate(const Order& order) {
  auto questions = read_questions(order.file);
  if (!questions) return std::unexpected(std::move(questions.error()));
  const char* token = std::getenv("KINORA_TOKEN");
  auto client = EvalClient::to(order.server, token == nullptr ? "" : token);
  if (!client) return std::unexpected(std::move(client.error()));
  if (auto begun = client->begin(); !begun) return std::unexpected(std::move(begun.error()));
  auto answers = ask_all(*client, *std::move(questions));
  if (auto ended = client->end(); !ended && answers) return std::unexpected(std::move(ended.error()));
  if (!answers) return std::unexpected(std::move(answers.error()));
  return rows_of(*answers, order.limits);
}

int print(const std::vector<EvalRow>& rows) {
  bool is_short = false;
  for (const auto& row : rows) {
    is_short |= row.is_short();
    const auto wanted = row.wanted > 0 ? fmt::format("  wanted {:.0f} %", 100 * row.wanted) : std::string();
    fmt::print("{:<28}{:>5} of {:<5}{:>5.0f} %{}{}\n", row.name, row.count, row.of, 100 * row.share(), wanted,
               row.is_short() ? "  SHORT" : "");
  }
  return is_short ? exit_failure : exit_success;
}

void add_options(CLI::App& app, Order& order) {
  const CLI::Range share(0.0, 1.0);
  app.add_option("file", order.file, "questions, one JSON object a line: question, and video, start, end of its answer")
      ->required();
  app.add_option("--server", order.server, "a running server");
  app.add_option("--top1", order.limits.top1, "least share whose passage must be the first")->check(share);
  app.add_option("--top3", order.limits.top3, "least share whose passage must be among the first three")->check(share);
  app.add_option("--cited", order.limits.cited, "least share whose answer must cite its passage")->check(share);
  app.add_option("--answered", order.limits.answered, "least share of those with an answer that must get one")->check(share);
  app.add_option("--refused", order.limits.refused, "least share of those without one that must be refused")->check(share);
  app.add_option("--verbatim", order.limits.verbatim, "least share of quotes that must stand in a transcript")->check(share);
}

}  // namespace

int eval_main(int argc, char** argv) {
  Order order;
  CLI::App app("Measures search and answers on a library of one's own. The owner's access token comes from KINORA_TOKEN.",
               "kinora eval");
  add_options(app, order);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? exit_success : exit_wrong_usage;
  }
  const auto rows = evaluate(order);
  return rows ? print(*rows) : report(rows.error());
}

}  // namespace kinora::app
