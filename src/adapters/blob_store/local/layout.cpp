#include "adapters/blob_store/local/layout.hpp"

#include <algorithm>
#include <cctype>

#include "adapters/blob_store/local/sha256.hpp"
#include "base/encoding.hpp"

namespace kinora {

namespace {

constexpr std::size_t name_bytes = 43;           // 256 bits in base64url
constexpr std::size_t readable_bytes_max = 200;  // file systems take 255

std::string file_name_of(const BlobKey& key, const std::string& hash) {
  auto name = key.text.substr(0, readable_bytes_max);
  std::ranges::replace(name, '/', '~');  // which no key holds
  return key.text.size() <= readable_bytes_max ? name : name + "~~" + hash.substr(0, 40);
}

std::string hash_of(const BlobKey& key) {
  RunningSha256 hash;
  hash.feed(bytes_of(key.text));
  return hash.digest().hex;
}

}  // namespace

std::filesystem::path BlobLayout::blob(const BlobKey& key) const {
  const auto hex = hash_of(key);
  return blobs() / hex.substr(0, 2) / file_name_of(key, hex);
}

std::string BlobLayout::staged_prefix(const BlobKey& key) { return hash_of(key).substr(0, 40) + '.'; }

std::filesystem::path BlobLayout::staged(const WriterToken& token, std::string_view ending) const {
  return staging() / (staged_prefix(token.key) + token.name + std::string(ending));
}

Result<WriterToken> WriterToken::parse(std::string_view text) {
  const auto name = text.substr(0, name_bytes);
  const bool well_formed =
      text.size() > name_bytes && text[name_bytes] == ':' && std::ranges::all_of(name, [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '-' || letter == '_';
      });
  if (!well_formed) return fail(ErrorKind::not_found, "not a token of this store");
  auto key = parse_blob_key(std::string(text.substr(name_bytes + 1)));
  if (!key) return fail(ErrorKind::not_found, "not a token of this store");
  return WriterToken{std::string(name), *std::move(key)};
}

}  // namespace kinora
