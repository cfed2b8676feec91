#include "adapters/embedder/llama/passages.hpp"

#include <unicode/normalizer2.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace kinora::embedding {

namespace {

constexpr std::size_t batch_texts_max = 16;
constexpr double batch_tokens_max = 1000;

// Measured on English, French, Vietnamese and Chinese transcripts, rounded up.
constexpr double ascii_letter = 0.3;
constexpr double digit_or_sign = 0.7;
constexpr double two_byte_letter = 0.5;
constexpr double three_byte_letter = 0.8;
constexpr double four_byte_letter = 2;

double tokens_of(UChar32 code) {
  if (code < 0) return 1;
  if (code < 0x80) {
    const auto letter = code | 0x20;
    if (code == ' ') return 0.05;
    return letter >= 'a' && letter <= 'z' ? ascii_letter : digit_or_sign;
  }
  if (code < 0x800) return two_byte_letter;
  return code < 0x10000 ? three_byte_letter : four_byte_letter;
}

UChar32 next_character(std::string_view text, std::size_t& at) {
  UChar32 code = 0;
  auto next = static_cast<std::int32_t>(at);
  U8_NEXT(text.data(), next, static_cast<std::int32_t>(text.size()), code);
  at = static_cast<std::size_t>(next);
  return code;
}

/// The end of the last word that ends at or before `at`; `at` itself where there are no spaces near.
std::size_t word_end(std::string_view text, std::size_t at) {
  const auto space = text.rfind(' ', at);
  return space == std::string_view::npos || space < at / 2 ? at : space;
}

std::string_view cut(std::string_view text) {
  double tokens = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto before = at;
    tokens += tokens_of(next_character(text, at));
    if (tokens > tokens_max) return text.substr(0, word_end(text, before));
  }
  return text;
}

std::string nfc_of(std::string_view text) {
  UErrorCode status = U_ZERO_ERROR;
  const auto* normaliser = icu::Normalizer2::getNFCInstance(status);
  if (U_FAILURE(status)) return std::string(text);
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  std::string normal;
  icu::StringByteSink<std::string> sink(&normal);
  normaliser->normalizeUTF8(0, piece, sink, nullptr, status);
  return U_SUCCESS(status) ? normal : std::string(text);
}

/// Bytes that are no UTF-8 become U+FFFD: JSON carries none.
std::string as_utf8(std::string_view text) {
  const icu::StringPiece piece(text.data(), static_cast<std::int32_t>(text.size()));
  std::string clean;
  icu::UnicodeString::fromUTF8(piece).toUTF8String(clean);
  return clean;
}

}  // namespace

double estimated_tokens(std::string_view text) {
  double tokens = 0;
  for (std::size_t at = 0; at < text.size();) tokens += tokens_of(next_character(text, at));
  return tokens;
}

std::string_view prefix_of(EmbeddingRole role) { return role == EmbeddingRole::query ? "query: " : "passage: "; }

std::string prepared(std::string_view prefix, std::string_view text) {
  // Far more than fits, whatever the language; keeps one endless text from costing anything.
  constexpr std::size_t bytes_max = 64 << 10;
  auto normal = nfc_of(as_utf8(text.substr(0, bytes_max)));
  std::ranges::replace_if(normal, [](char each) { return each == '\n' || each == '\r' || each == '\t' || each == '\0'; }, ' ');
  return std::string(prefix).append(cut(normal));
}

std::string halved(std::string_view prepared) {
  auto middle = prepared.size() / 2;
  while (middle > 0 && (prepared[middle] & 0xc0) == 0x80) --middle;
  return std::string(prepared.substr(0, word_end(prepared, middle)));
}

std::vector<std::size_t> batch_sizes(const std::vector<std::string>& prepared) {
  std::vector<std::size_t> sizes;
  double tokens = 0;
  for (const auto& text : prepared) {
    const auto more = estimated_tokens(text);
    const bool full = sizes.empty() || sizes.back() == batch_texts_max || tokens + more > batch_tokens_max;
    if (full) {
      sizes.push_back(0);
      tokens = 0;
    }
    ++sizes.back();
    tokens += more;
  }
  return sizes;
}

}  // namespace kinora::embedding
