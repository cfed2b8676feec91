#include "engines/speech/words.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace kinora::speech {

namespace {

constexpr double pause_seconds = 0.7;
constexpr double word_seconds_min = 0.02;
// Nobody draws a word out longer: what precedes it is a pause the detector has not seen.
constexpr double word_seconds_base = 0.5;
constexpr double word_seconds_per_byte = 0.1;

constexpr std::size_t loop_words_max = 8;
constexpr std::size_t loop_turns = 4;
constexpr std::size_t looped_words_min = 8;  // people do say "no, no, no, no"

// The fastest talkers on record say ten words a second, fast ones five.
constexpr std::size_t crammed_words_min = 4;
constexpr double crammed_word_seconds = 0.1;

struct Character {
  char32_t code = 0;
  std::size_t size = 0;  ///< 0: the bytes are no whole character
};

std::size_t length_by_lead(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xc2 && lead < 0xe0) return 2;
  if (lead >= 0xe0 && lead < 0xf0) return 3;
  if (lead >= 0xf0 && lead < 0xf5) return 4;
  return 0;
}

bool is_scalar(char32_t code, std::size_t size) {
  constexpr std::array<char32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
  return code >= least[size] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
}

Character first_character(std::string_view text) {
  if (text.empty()) return {};
  const auto lead = static_cast<unsigned char>(text.front());
  const auto size = length_by_lead(lead);
  if (size == 0 || size > text.size()) return {};
  char32_t code = size == 1 ? lead : lead & (0x7fU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xc0) != 0x80) return {};
    code = code << 6 | (next & 0x3fU);
  }
  return is_scalar(code, size) ? Character{code, size} : Character{};
}

/// Drops the bytes that are no character: a token may be cut inside one, and the pipe carries UTF-8 only.
std::string only_characters(std::string_view text) {
  std::string kept;
  while (!text.empty()) {
    const auto first = first_character(text);
    kept += text.substr(0, first.size);
    text.remove_prefix(std::max<std::size_t>(first.size, 1));
  }
  return kept;
}

/// Blanks part words, so none stands in one.
std::string without_blanks(std::string text) {
  std::erase_if(text, [](char letter) { return static_cast<unsigned char>(letter) <= 0x20 || letter == 0x7f; });
  return text;
}

bool is_between(char32_t code, char32_t first, char32_t last) { return code >= first && code <= last; }

bool is_unspaced(char32_t code) {
  return is_between(code, 0x0e00, 0x0eff) || is_between(code, 0x1000, 0x109f) || is_between(code, 0x1780, 0x17ff) ||
         is_between(code, 0x3040, 0x30ff) || is_between(code, 0x3400, 0x9fff) || is_between(code, 0xf900, 0xfaff) ||
         is_between(code, 0x20000, 0x3ffff);
}

// Letters and digits of any script, seen from what they are not: engines carry no Unicode tables.
bool is_spoken(char32_t code) {
  if (code < 0x80) return is_between(code, '0', '9') || is_between(code | 0x20, 'a', 'z');
  const bool sign = is_between(code, 0x80, 0xbf) || is_between(code, 0x2000, 0x2bff) || is_between(code, 0x3000, 0x303f) ||
                    is_between(code, 0xff00, 0xff0f) || is_between(code, 0xff1a, 0xff20) || is_between(code, 0xfe30, 0xfe4f) ||
                    code == 0xfffd;
  return !sign;
}

bool says_something(std::string_view text) {
  while (!text.empty()) {
    const auto first = first_character(text);
    // A part of a character is a part of a letter: signs of other scripts are whole tokens.
    if (first.size == 0 || is_spoken(first.code)) return true;
    text.remove_prefix(first.size);
  }
  return false;
}

bool ends_sentence(std::string_view text) {
  while (text.ends_with('"') || text.ends_with('\'') || text.ends_with(')')) text.remove_suffix(1);
  for (const std::string_view mark : {".", "?", "!", "…", "。", "？", "！"})
    if (text.ends_with(mark)) return true;
  return false;
}

bool starts_small(std::string_view text) { return !text.empty() && text.front() >= 'a' && text.front() <= 'z'; }

/// A word while its tokens come in.
struct Draft {
  std::string bytes;
  double probability_sum = 0;
  std::size_t tokens = 0;
  double end = -1;  ///< seconds from the start of the slice
};

bool starts_unspaced(std::string_view bytes) {
  const auto first = first_character(bytes);
  if (first.size > 0) return is_unspaced(first.code);
  // Cut inside its first character: these lead bytes are those of kana and Chinese characters.
  return !bytes.empty() && is_between(static_cast<unsigned char>(bytes.front()), 0xe3, 0xe9);
}

bool begins_word(const Token& token, const std::vector<Draft>& drafts) {
  if (drafts.empty() || token.bytes.starts_with(' ')) return true;
  // After half a character the other half follows, whatever it looks like.
  const bool whole = only_characters(drafts.back().bytes).size() == drafts.back().bytes.size();
  return whole && starts_unspaced(token.bytes) && says_something(drafts.back().bytes);
}

std::vector<Draft> draft_words(std::span<const Token> tokens) {
  std::vector<Draft> drafts;
  for (const auto& token : tokens) {
    if (begins_word(token, drafts)) drafts.emplace_back();
    auto& draft = drafts.back();
    draft.bytes += token.bytes.starts_with(' ') ? token.bytes.substr(1) : token.bytes;
    if (!says_something(token.bytes)) continue;  // a full stop is "heard" somewhere in the pause after it
    draft.probability_sum += token.probability;
    ++draft.tokens;
    draft.end = std::max(draft.end, token.end);
  }
  return drafts;
}

double seconds_of(std::int64_t samples) { return static_cast<double>(samples) / static_cast<double>(sample_rate); }

/// Puts words on the time line of the recording, one after the other.
class Clockwork {
 public:
  explicit Clockwork(const Slice& slice) : slice_(slice), before_(seconds_of(slice.audio.start)) {}

  void place(HeardWord& word, double heard_end) {
    const auto asked = heard_end < 0 ? before_ + word_seconds_min : seconds_of(slice_.audio.start) + heard_end;
    const auto& voice = voice_at(asked);
    const auto last = seconds_of(slice_.audio.end);
    word.end = std::clamp(asked, seconds_of(voice.start) + word_seconds_min,
                          std::max(seconds_of(voice.end), seconds_of(voice.start) + word_seconds_min));
    word.end = std::min(std::max(word.end, before_ + word_seconds_min), last);
    const auto longest = word_seconds_base + word_seconds_per_byte * static_cast<double>(word.text.size());
    word.start = std::min(std::max({before_, seconds_of(voice.start), word.end - longest}), word.end);
    before_ = word.end;
  }

 private:
  /// The stretch of speech at a moment, or the one nearest to it.
  const Span& voice_at(double moment) const {
    return *std::ranges::min_element(slice_.speech, {}, [moment](const Span& each) {
      return std::max({0.0, seconds_of(each.start) - moment, moment - seconds_of(each.end)});
    });
  }

  const Slice& slice_;
  double before_;
};

bool begins_segment(const std::vector<HeardWord>& words, const HeardWord& next) {
  if (words.empty()) return true;
  const auto& last = words.back();
  return next.start - last.end >= pause_seconds || (ends_sentence(last.text) && !starts_small(next.text));
}

/// The length of a repetition that begins at `at`, in words and turns.
struct Loop {
  std::size_t words = 0;
  std::size_t turns = 0;
};

bool says_again(std::span<const HeardWord> words, std::span<const HeardWord> rest) {
  return rest.size() >= words.size() &&
         std::ranges::equal(words, rest.first(words.size()), {}, &HeardWord::text, &HeardWord::text);
}

std::optional<Loop> loop_at(std::span<const HeardWord> words, std::size_t at) {
  for (std::size_t size = 1; size <= loop_words_max && at + size <= words.size(); ++size) {
    const auto first = words.subspan(at, size);
    std::size_t turns = 1;
    while (says_again(first, words.subspan(at + turns * size))) ++turns;
    if (turns >= loop_turns && turns * size >= looped_words_min) return Loop{size, turns};
  }
  return std::nullopt;
}

}  // namespace

std::vector<HeardWord> assemble_words(std::span<const Token> tokens, const Slice& slice) {
  std::vector<HeardWord> words;
  Clockwork clockwork(slice);
  for (const auto& draft : draft_words(tokens)) {
    auto text = without_blanks(only_characters(draft.bytes));
    if (!says_something(text)) {
      if (!words.empty()) words.back().text += text;
      continue;
    }
    HeardWord word{.text = std::move(text),
                   .confidence = draft.probability_sum / static_cast<double>(std::max<std::size_t>(draft.tokens, 1))};
    clockwork.place(word, draft.end);
    word.begins_segment = begins_segment(words, word);
    words.push_back(std::move(word));
  }
  return words;
}

bool is_loop(std::span<const HeardWord> words) {
  for (std::size_t at = 0; at < words.size(); ++at)
    if (loop_at(words, at)) return true;
  return false;
}

std::vector<HeardWord> without_loops(std::vector<HeardWord> words) {
  std::vector<HeardWord> kept;
  for (std::size_t at = 0; at < words.size();) {
    const auto loop = loop_at(words, at);
    const auto size = loop ? loop->words : 1;
    const auto from = words.begin() + static_cast<std::ptrdiff_t>(at);
    kept.insert(kept.end(), from, from + static_cast<std::ptrdiff_t>(size));
    at += loop ? loop->words * loop->turns : 1;
  }
  return kept;
}

bool is_crammed(std::span<const HeardWord> words) {
  if (words.size() < crammed_words_min) return false;
  return words.back().end - words.front().start < crammed_word_seconds * static_cast<double>(words.size());
}

}  // namespace kinora::speech
