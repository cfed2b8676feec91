#include "modules/search/sentences.hpp"

namespace kinora::search {

std::vector<Sentence> sentences_of(std::string_view text) {
  std::vector<Sentence> sentences;
  std::size_t at = 0;
  bool is_open = false;
  for (const auto word : ai::words_of(text)) {
    if (!is_open) sentences.push_back({.first_word = at, .words = 0, .text = {}});
    auto& sentence = sentences.back();
    sentence.text += (sentence.text.empty() ? "" : " ") + std::string(word);
    ++sentence.words;
    ++at;
    is_open = !ai::ends_sentence(word);
  }
  return sentences;
}

}  // namespace kinora::search
