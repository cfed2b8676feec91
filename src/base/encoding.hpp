#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kinora {

using Bytes = std::vector<std::byte>;

inline std::span<const std::byte> bytes_of(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// Lower case.
std::string hex_of(std::span<const std::byte> bytes);
std::optional<Bytes> bytes_of_hex(std::string_view hex);

/// RFC 4648 section 5, without padding; anything else, non-canonical last bits included, does not decode.
std::string base64url_of(std::span<const std::byte> bytes);
std::optional<Bytes> bytes_of_base64url(std::string_view text);
/// RFC 4648 section 4, with its padding: what other protocols write.
std::optional<Bytes> bytes_of_base64(std::string_view text);

}  // namespace kinora
