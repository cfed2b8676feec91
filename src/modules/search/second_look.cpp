#include "modules/search/second_look.hpp"

#include <algorithm>

#include "modules/search/background.hpp"
#include "modules/search/sentences.hpp"
#include "modules/search/store.hpp"
#include "modules/search/word_fit.hpp"

namespace kinora::search {

namespace {

double best_fit(const WordVectors& question, const std::vector<WordVectors>& sentences) {
  double best = 0;
  for (const auto& sentence : sentences) best = std::max(best, fit(question, sentence));
  return best;
}

double best_of(const Moment& moment) {
  double best = 0;
  for (const auto& sentence : moment.sentences) best = std::max(best, sentence.fit);
  return std::min(best, 1.0);
}

/// The question first, then whatever else.
std::vector<std::string> with_question(std::string question, const std::vector<std::string>& texts) {
  std::vector all{std::move(question)};
  all.insert(all.end(), texts.begin(), texts.end());
  return all;
}

}  // namespace

Task<Result<std::vector<Moment>>> SecondLook::sorted(std::string question, std::vector<Moment> moments) {
  std::vector<std::string> texts;
  for (auto& moment : moments) {
    moment.sentences = sentences_of(moment.text);
    for (const auto& sentence : moment.sentences) texts.push_back(sentence.text);
  }
  const auto usual = co_await ok(background());
  auto all = with_question(std::move(question), texts);
  auto words = co_await ok(embedder_.embed_words(std::move(all)));
  for (auto& text : words) text = centred(std::move(text), usual->mean);
  auto next = words.begin() + 1;
  for (auto& moment : moments) {
    for (auto& sentence : moment.sentences) sentence.fit = fit(words.front(), *next++);
    moment.score = best_of(moment);
  }
  std::ranges::sort(moments, std::greater(), &Moment::score);
  co_return moments;
}

Task<Result<double>> SecondLook::evidence(std::string question, std::vector<std::string> quotes) {
  std::string said;
  for (const auto& quote : quotes) said += (said.empty() ? "" : " ") + quote;
  const auto usual = co_await ok(background());
  auto all = with_question(ai::beyond(question, said), quotes);
  auto words = co_await ok(embedder_.embed_words(std::move(all)));
  for (auto& text : words) text = centred(std::move(text), usual->mean);
  const auto asked = std::move(words.front());
  words.erase(words.begin());
  co_return best_fit(asked, words) - best_fit(asked, usual->sentences);
}

Task<Result<std::shared_ptr<const SecondLook::Background>>> SecondLook::background() {
  auto known = background_.with([](const auto& background) { return background; });
  if (known) co_return known;
  auto made = std::make_shared<Background>();
  made->sentences = co_await ok(background_words());
  made->mean = mean_of(made->sentences);
  for (auto& sentence : made->sentences) sentence = centred(std::move(sentence), made->mean);
  background_.with([&](auto& background) { background = made; });
  co_return std::shared_ptr<const Background>(std::move(made));
}

// A database that is in trouble costs the time of making them, and no answer.
Task<Result<std::vector<WordVectors>>> SecondLook::background_words() {
  const auto caller = Caller::system("search");
  const auto texts = search::background();
  std::vector<std::string> sentences(texts.begin(), texts.end());
  const auto model = embedder_.model();
  const auto kept = co_await database_.scan(caller, find_words, model, sentences);
  if (kept && kept->size() == sentences.size()) co_return *kept;
  auto made = co_await ok(embedder_.embed_words(sentences));
  const auto written = co_await database_.transact(caller, put_words, model, std::move(sentences), made);
  if (!written && written.error().kind == ErrorKind::cancelled) co_return std::unexpected(written.error());
  co_return made;
}

}  // namespace kinora::search
