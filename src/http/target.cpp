#include "http/target.hpp"

#include <algorithm>
#include <cstdint>

namespace kinora::http {

namespace {

struct Sequence {
  std::size_t size;
  std::uint32_t lead_bits;
  std::uint32_t smallest;
};

std::optional<Sequence> sequence_of(unsigned char lead) {
  if (lead < 0x80) return Sequence{1, lead, 0};
  if ((lead & 0xe0) == 0xc0) return Sequence{2, lead & 0x1fU, 0x80};
  if ((lead & 0xf0) == 0xe0) return Sequence{3, lead & 0x0fU, 0x800};
  if ((lead & 0xf8) == 0xf0) return Sequence{4, lead & 0x07U, 0x10000};
  return std::nullopt;
}

bool is_code_point(std::uint32_t value, std::uint32_t smallest) {
  return value >= smallest && value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);
}

// The size of the valid sequence at the start of `text`; 0 when there is none.
std::size_t valid_sequence_size(std::string_view text) {
  const auto sequence = sequence_of(static_cast<unsigned char>(text.front()));
  if (!sequence || sequence->size > text.size()) return 0;
  auto value = sequence->lead_bits;
  for (std::size_t at = 1; at < sequence->size; ++at) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte & 0xc0) != 0x80) return 0;
    value = value << 6 | (byte & 0x3fU);
  }
  return is_code_point(value, sequence->smallest) ? sequence->size : 0;
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    const int high = text.size() - at >= 3 ? hex_value(text[at + 1]) : -1;
    const int low = text.size() - at >= 3 ? hex_value(text[at + 2]) : -1;
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high << 4 | low);
    at += 2;
  }
  return out;
}

bool is_unreserved(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '.' || letter == '_' || letter == '~';
}

bool is_control(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; }

std::optional<std::string> decode_query_word(std::string_view word) {
  std::string spaced(word);
  std::ranges::replace(spaced, '+', ' ');
  auto decoded = percent_decoded(spaced);
  return decoded && count_code_points(*decoded) ? decoded : std::nullopt;
}

}  // namespace

std::optional<std::size_t> count_code_points(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) {
    const auto size = valid_sequence_size(text);
    if (size == 0) return std::nullopt;
    text.remove_prefix(size);
  }
  return count;
}

int hex_value(char digit) {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  if (digit >= 'A' && digit <= 'F') return digit - 'A' + 10;
  return -1;
}

std::optional<std::string> decode_segment(std::string_view segment) {
  auto decoded = percent_decoded(segment);
  if (!decoded || *decoded == "." || *decoded == "..") return std::nullopt;
  if (decoded->contains('/') || std::ranges::any_of(*decoded, is_control)) return std::nullopt;
  return count_code_points(*decoded) ? decoded : std::nullopt;
}

std::optional<QueryPairs> decode_query(std::string_view query) {
  QueryPairs pairs;
  while (!query.empty()) {
    const auto pair = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), pair.size() + 1));
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode_query_word(pair.substr(0, equals));
    auto value = decode_query_word(pair.substr(std::min(equals + 1, pair.size())));
    if (!name || !value) return std::nullopt;
    pairs.emplace_back(*std::move(name), *std::move(value));
  }
  return pairs;
}

std::string percent_encoded(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char letter : text) {
    if (is_unreserved(letter)) {
      out += letter;
      continue;
    }
    out += '%';
    out += digits[static_cast<unsigned char>(letter) >> 4];
    out += digits[static_cast<unsigned char>(letter) & 15];
  }
  return out;
}

}  // namespace kinora::http
