// Words: as the speech engine makes them of tokens, and as the search index makes terms of text. Tokens are parted by '|'.
#include "engines/speech/words.hpp"

#include <algorithm>

#include "adapters/search_index/embedded/tokenizer.hpp"
#include "engines/speech/order.hpp"
#include "http/target.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

constexpr std::int64_t half_second = speech::sample_rate / 2;

void check_speech(std::string_view input) {
  Dice dice(input);
  speech::Slice slice{.audio = {0, 28 * speech::sample_rate}, .speech = {}};
  for (std::int64_t at = 0; at < slice.audio.end; at += half_second * 4)
    slice.speech.push_back({at, at + half_second * static_cast<std::int64_t>(1 + dice.draw(3))});
  std::vector<speech::Token> tokens;
  while (!input.empty())
    tokens.push_back({std::string(take_until(input, '|')), 0.5, static_cast<double>(dice.draw(32'000)) / 1000 - 2});
  const auto words = speech::assemble_words(tokens, slice);
  double before = 0;
  for (const auto& word : words) {
    require(!word.text.empty() && http::count_code_points(word.text), "a word is UTF-8");
    require(word.text.find_first_of(" \n\r\t") == std::string::npos, "no blank stands in a word");
    require(word.start >= before && word.end >= word.start && word.end <= 28, "the times of words rise within their slice");
    require(word.confidence >= 0 && word.confidence <= 1, "a confidence lies between 0 and 1");
    before = word.end;
  }
  require(words.empty() || words.front().begins_segment, "the first word begins a segment");
  require(speech::without_loops(words).size() <= words.size(), "leaving loops out adds nothing");
}

void check_terms(std::string_view input) {
  const auto terms = search_terms::of_text(input);
  for (const auto& term : terms)
    require(!term.empty() && term.size() <= search_terms::term_size_max && http::count_code_points(term),
            "a term is short and UTF-8");
  for (const auto& asked : search_terms::of_query(input))
    require(std::ranges::find(terms, asked) != terms.end(), "a text is found by its own words");
}

void check_order(std::string_view input) {
  std::vector<std::string> words;
  while (!input.empty() && words.size() < 12) words.emplace_back(take_until(input, '|').substr(0, 100));
  std::vector<char*> arguments;
  for (auto& word : words) arguments.push_back(word.data());
  const auto order = speech::parse_order(arguments);
  if (order) require(order->slots >= 1 && order->slots <= 16 && !order->audio.empty(), "an order is whole");
}

}  // namespace

void check(std::string_view input) {
  check_speech(input);
  check_terms(input);
  check_order(input);
}

}  // namespace kinora::fuzz
