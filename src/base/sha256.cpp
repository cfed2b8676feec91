#include "base/sha256.hpp"

#include <sodium.h>

#include <array>

#include "base/encoding.hpp"

namespace kinora {

std::string sha256_of(std::string_view text) {
  std::array<unsigned char, crypto_hash_sha256_BYTES> hash{};
  crypto_hash_sha256(hash.data(), reinterpret_cast<const unsigned char*>(text.data()), text.size());
  return hex_of(std::as_bytes(std::span(hash)));
}

}  // namespace kinora
