#include "base/encoding.hpp"

#include <array>

namespace kinora {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";
constexpr std::string_view base64_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view base64url_digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::array<std::int8_t, 256> values_of(std::string_view digits) {
  std::array<std::int8_t, 256> values{};
  values.fill(-1);
  for (std::size_t at = 0; at < digits.size(); ++at)
    values[static_cast<unsigned char>(digits[at])] = static_cast<std::int8_t>(at);
  return values;
}

constexpr auto hex_values = values_of(hex_digits);
constexpr auto base64_values = values_of(base64_digits);
constexpr auto base64url_values = values_of(base64url_digits);

int value_of(const std::array<std::int8_t, 256>& values, char digit) { return values[static_cast<unsigned char>(digit)]; }

}  // namespace

std::string hex_of(std::span<const std::byte> bytes) {
  std::string out;
  out.reserve(2 * bytes.size());
  for (const auto byte : bytes) {
    out += hex_digits[std::to_integer<unsigned>(byte) >> 4];
    out += hex_digits[std::to_integer<unsigned>(byte) & 15];
  }
  return out;
}

std::optional<Bytes> bytes_of_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  Bytes out;
  out.reserve(hex.size() / 2);
  for (std::size_t at = 0; at < hex.size(); at += 2) {
    const int high = value_of(hex_values, hex[at]);
    const int low = value_of(hex_values, hex[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out.push_back(static_cast<std::byte>(high << 4 | low));
  }
  return out;
}

std::string base64url_of(std::span<const std::byte> bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const auto byte : bytes) {
    pending = pending << 8 | std::to_integer<std::uint32_t>(byte);
    for (bits += 8; bits >= 6; bits -= 6) out += base64url_digits[pending >> (bits - 6) & 63];
  }
  if (bits > 0) out += base64url_digits[pending << (6 - bits) & 63];
  return out;
}

namespace {

std::optional<Bytes> decode(const std::array<std::int8_t, 256>& values, std::string_view text) {
  if (text.size() % 4 == 1) return std::nullopt;
  Bytes out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char digit : text) {
    const int value = value_of(values, digit);
    if (value < 0) return std::nullopt;
    pending = pending << 6 | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::byte>(pending >> bits & 255));
  }
  if ((pending & ((1U << bits) - 1)) != 0) return std::nullopt;
  return out;
}

}  // namespace

std::optional<Bytes> bytes_of_base64url(std::string_view text) { return decode(base64url_values, text); }

std::optional<Bytes> bytes_of_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  for (int padding = 0; padding < 2 && text.ends_with('='); ++padding) text.remove_suffix(1);
  return decode(base64_values, text);
}

}  // namespace kinora
