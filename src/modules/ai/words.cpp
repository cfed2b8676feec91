#include "modules/ai/words.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace kinora::ai {

namespace {

// Function words of English questions and answers; in other languages every word counts.
constexpr std::array<std::string_view, 98> function_words{
    "a",     "about", "after", "all",   "also",  "am",   "an",   "and",  "any",   "are",  "as",   "at",     "be",      "been",
    "but",   "by",    "can",   "could", "did",   "do",   "does", "for",  "from",  "get",  "had",  "has",    "have",    "he",
    "her",   "him",   "his",   "how",   "i",     "if",   "in",   "into", "is",    "it",   "its",  "just",   "like",    "many",
    "may",   "might", "me",    "more",  "much",  "must", "my",   "no",   "not",   "now",  "of",   "on",     "one",     "or",
    "our",   "out",   "say",   "said",  "says",  "she",  "so",   "some", "than",  "that", "the",  "their",  "them",    "then",
    "there", "these", "they",  "this",  "to",    "up",   "us",   "use",  "video", "was",  "we",   "were",   "what",    "when",
    "where", "which", "who",   "whom",  "whose", "why",  "will", "with", "would", "you",  "your", "should", "speaker", "talk"};

bool is_sign(unsigned char byte) { return byte < 0x80 && std::isalnum(byte) == 0; }

bool is_letter(char letter) {
  const auto byte = static_cast<unsigned char>(letter);
  return byte >= 0x80 || std::isalpha(byte) != 0;
}

/// Whether this sign within a word may be spoken: well-known, don't, 3.5, 3,000, e.g; but not evil.example.
bool is_spoken_sign(std::string_view word, std::size_t at) {
  const char sign = word[at];
  if (sign != '.' && sign != ',') return sign == '-' || sign == '\'';
  const bool starts_a_word = at + 2 < word.size() && is_letter(word[at + 1]) && is_letter(word[at + 2]);
  return !starts_a_word;
}

bool is_spoken(std::string_view plain) {
  for (std::size_t at = 0; at < plain.size(); ++at)
    if (is_sign(static_cast<unsigned char>(plain[at])) && !is_spoken_sign(plain, at)) return false;
  return true;
}

bool drop_ending(std::string& word, std::string_view ending, std::size_t left_min) {
  if (word.size() < ending.size() + left_min || !word.ends_with(ending)) return false;
  word.resize(word.size() - ending.size());
  return true;
}

}  // namespace

std::string plain_word(std::string_view word) {
  while (!word.empty() && is_sign(static_cast<unsigned char>(word.front()))) word.remove_prefix(1);
  while (!word.empty() && is_sign(static_cast<unsigned char>(word.back()))) word.remove_suffix(1);
  std::string plain(word);
  std::ranges::transform(plain, plain.begin(), [](unsigned char byte) { return static_cast<char>(std::tolower(byte)); });
  return plain;
}

bool is_function_word(std::string_view plain) { return std::ranges::find(function_words, plain) != function_words.end(); }

// Four English words in a row without a function word are rare.
bool may_be_english(std::string_view text) {
  constexpr std::size_t names_and_things_max = 3;
  if (std::ranges::any_of(text, [](unsigned char byte) { return byte >= 0x80; })) return false;
  const auto words = words_of(text);
  return words.size() <= names_and_things_max ||
         std::ranges::any_of(words, [](std::string_view word) { return is_function_word(plain_word(word)); });
}

std::string stem_of(std::string plain) {
  drop_ending(plain, "'s", 1);
  for (const std::string_view ending : {"ing", "ed", "es", "s", "ly"})
    if (drop_ending(plain, ending, 3)) break;
  if (plain.ends_with('i')) plain.back() = 'y';
  drop_ending(plain, "e", 3);
  const bool doubled = plain.size() > 3 && plain.back() == plain[plain.size() - 2];
  if (doubled) plain.pop_back();
  return plain;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

bool ends_sentence(std::string_view word) {
  while (word.ends_with('"') || word.ends_with(')')) word.remove_suffix(1);
  return std::ranges::any_of(std::initializer_list<std::string_view>{".", "!", "?", "…", "。", "！", "？"},
                             [&](std::string_view end) { return word.ends_with(end); });
}

std::string without_function_words(std::string_view text) {
  std::string kept;
  for (const auto word : words_of(text)) {
    const auto plain = plain_word(word);
    if (plain.empty() || is_function_word(plain)) continue;
    kept += (kept.empty() ? "" : " ") + std::string(word);
  }
  return kept;
}

std::set<std::string> content_words(std::string_view text) {
  std::set<std::string> words;
  for (const auto word : words_of(text))
    if (auto plain = plain_word(word); !plain.empty() && !is_function_word(plain)) words.insert(stem_of(std::move(plain)));
  return words;
}

bool leads_elsewhere(std::string_view text, const std::set<std::string>& said) {
  return std::ranges::any_of(words_of(text), [&](std::string_view word) {
    const auto plain = plain_word(word);
    return !is_spoken(plain) && !said.contains(stem_of(plain));
  });
}

std::string beyond(std::string_view question, std::string_view text) {
  std::set<std::string> said;
  for (const auto word : words_of(text)) said.insert(stem_of(plain_word(word)));
  std::string rest;
  bool asks_more = false;
  for (const auto word : words_of(question)) {
    const auto plain = plain_word(word);
    const bool is_content = !plain.empty() && !is_function_word(plain);
    if (is_content && said.contains(stem_of(plain))) continue;
    asks_more |= is_content;
    rest += (rest.empty() ? "" : " ") + std::string(word);
  }
  return asks_more ? rest : std::string(question);
}

}  // namespace kinora::ai
