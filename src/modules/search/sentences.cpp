#include "modules/search/sentences.hpp"

#include <algorithm>

#include "modules/search/words.hpp"

namespace kinora::search {

namespace {

bool ends_sentence(std::string_view word) {
  while (word.ends_with('"') || word.ends_with(')')) word.remove_suffix(1);
  return std::ranges::any_of(std::initializer_list<std::string_view>{".", "!", "?", "…", "。", "！", "？"},
                             [&](std::string_view end) { return word.ends_with(end); });
}

}  // namespace

std::vector<Sentence> sentences_of(std::string_view text) {
  std::vector<Sentence> sentences;
  std::size_t at = 0;
  bool is_open = false;
  for (const auto word : words_of(text)) {
    if (!is_open) sentences.push_back({.first_word = at, .words = 0, .text = {}});
    auto& sentence = sentences.back();
    sentence.text += (sentence.text.empty() ? "" : " ") + std::string(word);
    ++sentence.words;
    ++at;
    is_open = !ends_sentence(word);
  }
  return sentences;
}

}  // namespace kinora::search
