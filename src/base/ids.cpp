#include "base/ids.hpp"

#include "base/encoding.hpp"

namespace kinora {

namespace {

constexpr std::string_view crockford = "0123456789abcdefghjkmnpqrstvwxyz";
constexpr std::array<std::size_t, 4> dashes{8, 13, 18, 23};

}  // namespace

std::string Uuid::canonical() const {
  auto text = hex_of(std::as_bytes(std::span(bytes)));
  for (const auto at : dashes) text.insert(at, 1, '-');
  return text;
}

// 26 digits hold 130 bits: the first digit carries the two that are always zero.
std::string Uuid::base32() const {
  std::string text;
  std::uint32_t pending = 0;
  int bits = 2;
  for (const auto byte : bytes) {
    pending = (pending << 8 | byte) & 0xffff;
    for (bits += 8; bits >= 5; bits -= 5) text += crockford[pending >> (bits - 5) & 31];
  }
  return text;
}

Uuid make_uuid7(Time now, std::array<std::uint8_t, 10> random) {
  const auto since = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
  const auto milliseconds = static_cast<std::uint64_t>(since);
  Uuid uuid;
  for (std::size_t at = 0; at < 6; ++at) uuid.bytes[at] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * at));
  for (std::size_t at = 0; at < random.size(); ++at) uuid.bytes[6 + at] = random[at];
  uuid.bytes[6] = static_cast<std::uint8_t>((uuid.bytes[6] & 0x0f) | 0x70);
  uuid.bytes[8] = static_cast<std::uint8_t>((uuid.bytes[8] & 0x3f) | 0x80);
  return uuid;
}

std::optional<Uuid> parse_canonical_uuid(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  std::string hex(text);
  for (std::size_t back = dashes.size(); back-- > 0;) {
    if (hex[dashes[back]] != '-') return std::nullopt;
    hex.erase(dashes[back], 1);
  }
  const auto raw = bytes_of_hex(hex);
  if (!raw) return std::nullopt;
  Uuid uuid;
  for (std::size_t at = 0; at < uuid.bytes.size(); ++at) uuid.bytes[at] = std::to_integer<std::uint8_t>((*raw)[at]);
  return uuid;
}

std::optional<Uuid> parse_base32_uuid(std::string_view text) {
  if (text.size() != 26) return std::nullopt;
  Uuid uuid;
  std::uint32_t pending = 0;
  int bits = -2;
  std::size_t at = 0;
  for (const char digit : text) {
    const auto value = crockford.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    pending = pending << 5 | static_cast<std::uint32_t>(value);
    bits += 5;
    if (bits == 3 && value > 7) return std::nullopt;
    if (bits < 8) continue;
    bits -= 8;
    uuid.bytes[at++] = static_cast<std::uint8_t>(pending >> bits & 255);
  }
  return uuid;
}

}  // namespace kinora
