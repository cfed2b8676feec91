// The only interface of OpenSSL whose state is plain data; EVP's cannot be kept. Same assembly, SHA extensions included.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "adapters/blob_store/local/sha256.hpp"

#include <openssl/sha.h>

#include <array>
#include <cstring>
#include <new>

#include "base/encoding.hpp"

namespace kinora {

namespace {

SHA256_CTX* context_of(std::byte* state) { return std::launder(reinterpret_cast<SHA256_CTX*>(state)); }
const SHA256_CTX* context_of(const std::byte* state) { return std::launder(reinterpret_cast<const SHA256_CTX*>(state)); }

bool counts(const SHA256_CTX& context, std::uint64_t bytes_fed) {
  const auto bits = (std::uint64_t{context.Nh} << 32) | context.Nl;
  return bits == bytes_fed * 8 && context.num == bytes_fed % SHA256_CBLOCK && context.md_len == SHA256_DIGEST_LENGTH;
}

}  // namespace

RunningSha256::RunningSha256() {
  static_assert(sizeof(SHA256_CTX) <= sizeof state_);
  std::memset(state_, 0, sizeof state_);
  SHA256_Init(::new (state_) SHA256_CTX);
}

void RunningSha256::feed(std::span<const std::byte> bytes) { SHA256_Update(context_of(state_), bytes.data(), bytes.size()); }

Sha256 RunningSha256::digest() const {
  SHA256_CTX copy = *context_of(state_);
  std::array<unsigned char, SHA256_DIGEST_LENGTH> digest{};
  SHA256_Final(digest.data(), &copy);
  return {hex_of(std::as_bytes(std::span(digest)))};
}

std::string RunningSha256::save() const { return hex_of(std::span(state_).first(sizeof(SHA256_CTX))); }

std::optional<RunningSha256> RunningSha256::load(std::string_view text, std::uint64_t bytes_fed) {
  const auto bytes = bytes_of_hex(text);
  if (!bytes || bytes->size() != sizeof(SHA256_CTX)) return std::nullopt;
  RunningSha256 hash;
  std::memcpy(hash.state_, bytes->data(), bytes->size());
  return counts(*context_of(hash.state_), bytes_fed) ? std::optional(hash) : std::nullopt;
}

}  // namespace kinora
