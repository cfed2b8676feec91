#include "modules/chat/words.hpp"

#include <algorithm>
#include <cctype>

#include "modules/search/search.hpp"

namespace kinora::chat {

namespace {

bool is_letter(unsigned char byte) { return byte >= 0x80 || std::isalnum(byte) != 0; }

std::string without_ending(std::string word) {
  for (const std::string_view ending : {"ing", "ies", "ed", "es", "s"})
    if (word.size() > ending.size() + 2 && word.ends_with(ending)) return word.substr(0, word.size() - ending.size());
  return word;
}

}  // namespace

std::set<std::string> content_words(std::string_view text) {
  std::set<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const auto* const start =
        std::find_if(text.begin() + at, text.end(), [](char byte) { return is_letter(static_cast<unsigned char>(byte)); });
    const auto* const end =
        std::find_if_not(start, text.end(), [](char byte) { return is_letter(static_cast<unsigned char>(byte)); });
    std::string word(start, end);
    std::ranges::transform(word, word.begin(), [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
    if (!word.empty() && !search::is_function_word(word)) words.insert(without_ending(std::move(word)));
    at = static_cast<std::size_t>(end - text.begin());
  }
  return words;
}

}  // namespace kinora::chat
