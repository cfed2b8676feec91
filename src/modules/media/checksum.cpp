#include "modules/media/checksum.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

namespace kinora::media {

namespace {

struct Algorithm {
  std::string_view name;
  const EVP_MD* (*make)();
};

constexpr auto known = std::to_array<Algorithm>({{"sha1", EVP_sha1}, {"sha256", EVP_sha256}});

}  // namespace

struct Digest::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  ~Context() { EVP_MD_CTX_free(evp); }
};

void Digest::Free::operator()(Context* context) const { delete context; }

std::string Digest::algorithms() {
  std::string list;
  for (const auto& each : known) list.append(list.empty() ? "" : ",").append(each.name);
  return list;
}

std::optional<Digest> Digest::of(std::string_view algorithm) {
  const auto* found = std::ranges::find(known, algorithm, &Algorithm::name);
  if (found == known.end()) return std::nullopt;
  Digest digest;
  digest.context_.reset(new Context);
  EVP_DigestInit_ex(digest.context_->evp, found->make(), nullptr);
  return digest;
}

std::size_t Digest::size_bytes() const { return static_cast<std::size_t>(EVP_MD_CTX_get_size(context_->evp)); }

void Digest::feed(std::span<const std::byte> bytes) { EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()); }

Bytes Digest::finish() {
  Bytes bytes(size_bytes());
  EVP_DigestFinal_ex(context_->evp, reinterpret_cast<unsigned char*>(bytes.data()), nullptr);
  return bytes;
}

}  // namespace kinora::media
