#include "adapters/search_index/embedded/tokenizer.hpp"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <cstdint>

namespace kinora::search_terms {

namespace {

enum class Purpose : std::uint8_t { document, query };
enum class Sort : std::uint8_t { other, letter, unspaced, apostrophe };

struct Letter {
  UChar32 code = 0;
  Sort sort = Sort::other;
};

/// Letters that no decomposition takes apart, yet people type without their stroke or as two letters.
struct Plain {
  char16_t letter;
  std::u16string_view typed;
};
constexpr auto plain_letters = std::to_array<Plain>({{u'\u0111', u"d"},
                                                     {u'\u00f0', u"d"},
                                                     {u'\u0142', u"l"},
                                                     {u'\u00f8', u"o"},
                                                     {u'\u0127', u"h"},
                                                     {u'\u0131', u"i"},
                                                     {u'\u00e6', u"ae"},
                                                     {u'\u0153', u"oe"},
                                                     {u'\u00fe', u"th"}});

bool is_mark(UChar32 code) { return (U_GET_GC_MASK(code) & U_GC_M_MASK) != 0; }

// Classes up to 9 carry the sense of a letter (voicing of kana, nukta, virama); those above are accents.
bool is_accent(UChar32 code) { return is_mark(code) && u_getCombiningClass(code) > 9; }

bool is_unspaced(UChar32 code) {
  UErrorCode status = U_ZERO_ERROR;
  switch (uscript_getScript(code, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO: return true;
    default: return u_getIntPropertyValue(code, UCHAR_LINE_BREAK) == U_LB_COMPLEX_CONTEXT;
  }
}

Sort sort_of(UChar32 code) {
  if (code < 0) return Sort::other;
  if (code == '\'' || code == 0x2019 || code == 0x02bc) return Sort::apostrophe;
  if (code < 0x80) return u_isalnum(code) ? Sort::letter : Sort::other;
  if (!u_isalnum(code) && !is_mark(code)) return Sort::other;
  return is_unspaced(code) ? Sort::unspaced : Sort::letter;
}

Letter letter_at(std::string_view text, std::size_t& at) {
  UChar32 code = 0;
  auto next = static_cast<std::int32_t>(at);
  U8_NEXT(text.data(), next, static_cast<std::int32_t>(text.size()), code);
  at = static_cast<std::size_t>(next);
  return {code, sort_of(code)};
}

void append_plain(icu::UnicodeString& to, UChar32 code) {
  const auto* plain = std::ranges::find(plain_letters, code, [](const Plain& each) { return UChar32{each.letter}; });
  if (plain == plain_letters.end())
    to.append(code);
  else
    to.append(plain->typed.data(), static_cast<std::int32_t>(plain->typed.size()));
}

std::string fold_unicode(std::string_view word) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* decompose = icu::Normalizer2::getNFKDInstance(status);
  const auto* compose = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::string(word);
  const auto size = static_cast<std::int32_t>(word.size());
  const auto apart = decompose->normalize(icu::UnicodeString::fromUTF8({word.data(), size}).foldCase(), status);
  icu::UnicodeString kept;
  for (std::int32_t at = 0; at < apart.length(); at = apart.moveIndex32(at, 1)) {
    const auto code = apart.char32At(at);
    if (!is_accent(code)) append_plain(kept, code);
  }
  std::string folded;
  // Folding once more: a compatibility form may decompose to a capital.
  compose->normalize(kept.foldCase(), status).toUTF8String(folded);
  return folded;
}

std::string fold(std::string_view word) {
  if (std::ranges::any_of(word, [](char each) { return static_cast<unsigned char>(each) >= 0x80; })) return fold_unicode(word);
  std::string folded(word);
  for (auto& each : folded)
    if (each >= 'A' && each <= 'Z') each = static_cast<char>(each + ('a' - 'A'));
  return folded;
}

std::size_t letters_in(std::string_view utf8) {
  return static_cast<std::size_t>(std::ranges::count_if(utf8, [](char each) { return (each & 0xc0) != 0x80; }));
}

/// Walks a text once, gathering words, apostrophes between their parts, and runs of unspaced characters.
class Walk {
 public:
  Walk(std::string_view text, Purpose purpose) : text_(text), purpose_(purpose) {}

  std::vector<std::string> terms() && {
    for (std::size_t at = 0; at < text_.size();) {
      const auto start = at;
      const auto letter = letter_at(text_, at);
      // A mark belongs to what it stands on.
      const auto sort = is_mark(letter.code) && run_ != Sort::other ? run_ : letter.sort;
      take(sort, text_.substr(start, at - start));
    }
    end_run();
    return std::move(terms_);
  }

 private:
  void take(Sort sort, std::string_view bytes) {
    if (sort == Sort::apostrophe && run_ == Sort::letter && !pending_apostrophe_) {
      pending_apostrophe_ = true;
      return;
    }
    if (sort == Sort::apostrophe) sort = Sort::other;
    if (sort != run_) end_run();
    if (sort == Sort::other) return;
    run_ = sort;
    if (pending_apostrophe_) end_part();
    (sort == Sort::letter ? word_ : run_text_).append(bytes);
  }

  /// An apostrophe inside a word: after one or two letters it is an elision or a name's prefix, else it joins.
  void end_part() {
    pending_apostrophe_ = false;
    if (letters_in(word_) > 2) {
      joined_at_ = word_.size();
      return;
    }
    emit_word();
  }

  void emit_word() {
    auto term = fold(word_);
    const bool possessive = joined_at_ != 0 && word_.size() == joined_at_ + 1 && term.ends_with('s');
    if (possessive) term.pop_back();
    emit(std::move(term));
    word_.clear();
    joined_at_ = 0;
  }

  void emit_pairs() {
    const auto folded = fold(run_text_);
    run_text_.clear();
    std::vector<std::string_view> letters;
    for (std::size_t at = 0; at < folded.size();) {
      const auto start = at;
      letter_at(folded, at);
      letters.push_back(std::string_view(folded).substr(start, at - start));
    }
    for (std::size_t i = 0; i < letters.size(); ++i) {
      if (purpose_ == Purpose::document || letters.size() == 1) emit(std::string(letters[i]));
      if (i + 1 < letters.size()) emit(std::string(letters[i]).append(letters[i + 1]));
    }
  }

  void end_run() {
    pending_apostrophe_ = false;
    if (!word_.empty()) emit_word();
    if (!run_text_.empty()) emit_pairs();
    run_ = Sort::other;
  }

  void emit(std::string term) {
    if (term.size() > term_size_max) {
      auto cut = term_size_max;
      while (cut > 0 && (term[cut] & 0xc0) == 0x80) --cut;
      term.resize(cut);
    }
    if (!term.empty()) terms_.push_back(std::move(term));
  }

  std::string_view text_;
  Purpose purpose_;
  std::vector<std::string> terms_;
  Sort run_ = Sort::other;
  std::string word_;
  std::size_t joined_at_ = 0;
  bool pending_apostrophe_ = false;
  std::string run_text_;
};

}  // namespace

std::vector<std::string> of_text(std::string_view text) { return Walk(text, Purpose::document).terms(); }

std::vector<std::string> of_query(std::string_view text) {
  auto terms = Walk(text, Purpose::query).terms();
  std::ranges::sort(terms);
  const auto repeated = std::ranges::unique(terms);
  terms.erase(repeated.begin(), repeated.end());
  return terms;
}

}  // namespace kinora::search_terms
