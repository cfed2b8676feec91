#include "adapters/file_digest/open.hpp"

#include <openssl/evp.h>

#include <array>
#include <fstream>
#include <memory>
#include <vector>

#include "base/encoding.hpp"

namespace kinora {

namespace {

constexpr std::size_t block_bytes = 1 << 20;

struct Free {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

}  // namespace

Result<std::string> sha256_of_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::unique_ptr<EVP_MD_CTX, Free> context(EVP_MD_CTX_new());
  bool fine = stream.is_open() && EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr) == 1;
  for (std::vector<char> block(block_bytes); fine && stream;) {
    stream.read(block.data(), static_cast<std::streamsize>(block.size()));
    fine = !stream.bad() && EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(stream.gcount())) == 1;
  }
  std::array<unsigned char, 32> digest{};
  if (fine && EVP_DigestFinal_ex(context.get(), digest.data(), nullptr) == 1) return hex_of(std::as_bytes(std::span(digest)));
  return fail(ErrorKind::unavailable, file.string() + " cannot be read");
}

}  // namespace kinora
