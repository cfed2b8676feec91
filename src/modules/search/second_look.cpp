#include "modules/search/second_look.hpp"

#include <algorithm>
#include <tuple>

#include "modules/search/background.hpp"
#include "modules/search/sentences.hpp"
#include "modules/search/store.hpp"
#include "modules/search/word_fit.hpp"

namespace kinora::search {

namespace {

bool is_english(const std::string& language) { return language == "en" || language.starts_with("en-"); }

double best_word_fit(const WordVectors& question, const std::vector<WordVectors>& sentences) {
  double best = 0;
  for (const auto& sentence : sentences) best = std::max(best, word_fit(question, sentence));
  return best;
}

double best_of(const Moment& moment) {
  double best = 0;
  for (const auto& sentence : moment.sentences) best = std::max(best, sentence.fit);
  return std::min(best, 1.0);
}

bool are_english(const std::vector<Moment>& moments) { return std::ranges::all_of(moments, is_english, &Moment::language); }

}  // namespace

Task<Result<std::vector<Moment>>> WordReader::sorted(std::string question, std::vector<Moment> moments) {
  std::vector texts{std::move(question)};
  for (auto& moment : moments) {
    moment.sentences = sentences_of(moment.text);
    for (const auto& sentence : moment.sentences) texts.push_back(sentence.text);
  }
  const auto usual = co_await ok(background());
  auto words = co_await ok(embedder_.embed_words(std::move(texts)));
  for (auto& text : words) text = centred(std::move(text), usual->mean);
  auto next = words.begin() + 1;
  for (auto& moment : moments) {
    for (auto& sentence : moment.sentences) sentence.fit = fit(words.front(), *next++);
    moment.score = best_of(moment);
  }
  std::ranges::sort(moments, {}, [](const Moment& moment) { return std::tuple(-moment.score, moment.video, moment.start); });
  co_return moments;
}

Task<Result<double>> WordReader::evidence(std::string question, std::string quote) {
  const auto usual = co_await ok(background());
  std::vector texts{ai::beyond(question, quote), std::move(quote)};
  auto words = co_await ok(embedder_.embed_words(std::move(texts)));
  for (auto& text : words) text = centred(std::move(text), usual->mean);
  co_return word_fit(words[0], words[1]) - best_word_fit(words[0], usual->sentences);
}

Task<Result<std::shared_ptr<const WordReader::Background>>> WordReader::background() {
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
Task<Result<std::vector<WordVectors>>> WordReader::background_words() {
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

Task<void> SecondLook::wake(std::string question) { return ai::may_be_english(question) ? english_.wake() : any_.wake(); }

Task<Result<std::vector<Moment>>> SecondLook::sorted(std::string question, std::vector<Moment> moments) {
  if (ai::may_be_english(question) && are_english(moments)) {
    auto sorted = co_await english_.sorted(question, moments);
    if (sorted || sorted.error().kind != ErrorKind::unavailable) co_return sorted;
  }
  co_return co_await any_.sorted(std::move(question), std::move(moments));
}

// The two err about different questions: nothing is refused that one of them finds answered.
Task<Result<double>> SecondLook::evidence(std::string question, std::string quote, std::string language) {
  if (!ai::may_be_english(question) || !is_english(language)) co_return co_await any_.evidence(question, quote);
  auto first = co_await english_.evidence(question, quote);
  if (first && *first >= evidence_least) co_return first;
  if (!first && first.error().kind != ErrorKind::unavailable) co_return first;
  auto second = co_await any_.evidence(std::move(question), std::move(quote));
  co_return first&& second ? std::max(*first, *second) : second;
}

}  // namespace kinora::search
