#include <algorithm>
#include <array>
#include <cctype>

#include "modules/search/search.hpp"

namespace kinora::search {

namespace {

// Function words of English questions and answers; in other languages every word counts.
constexpr std::array<std::string_view, 96> function_words{
    "a",    "about", "after", "all",   "also", "am",   "an",    "and",  "any",  "are",    "as",      "at",   "be",    "been",
    "but",  "by",    "can",   "could", "did",  "do",   "does",  "for",  "from", "get",    "had",     "has",  "have",  "he",
    "her",  "him",   "his",   "how",   "i",    "if",   "in",    "into", "is",   "it",     "its",     "just", "like",  "many",
    "me",   "more",  "much",  "must",  "my",   "no",   "not",   "now",  "of",   "on",     "one",     "or",   "our",   "out",
    "say",  "said",  "says",  "she",   "so",   "some", "than",  "that", "the",  "their",  "them",    "then", "there", "these",
    "they", "this",  "to",    "up",    "us",   "use",  "video", "was",  "we",   "were",   "what",    "when", "where", "which",
    "who",  "whom",  "whose", "why",   "will", "with", "would", "you",  "your", "should", "speaker", "talk"};

std::string folded(std::string_view word) {
  std::string out(word);
  std::ranges::transform(out, out.begin(), [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  return out;
}

}  // namespace

bool is_function_word(std::string_view word) { return std::ranges::find(function_words, word) != function_words.end(); }

std::string without_function_words(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    auto plain = folded(word);
    std::erase_if(plain, [](unsigned char byte) { return byte < 0x80 && std::ispunct(byte) != 0; });
    if (plain.empty() || is_function_word(plain)) continue;
    kept += (kept.empty() ? "" : " ") + std::string(word);
  }
  return kept;
}

}  // namespace kinora::search
