#include "http/cursors.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>

#include "base/encoding.hpp"

namespace kinora::http {

namespace {

// Half of HMAC-SHA-256 (RFC 2104, section 5).
constexpr std::size_t mac_bytes = 16;

std::unexpected<Error> not_from_here() {
  const std::string message = "does not belong to this list with these filters; begin without one";
  return std::unexpected(
      Error{ErrorKind::invalid, "the cursor " + message, "invalid_cursor", {{"/query/cursor", "invalid_cursor", message}}});
}

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

}  // namespace

std::string Cursors::seal(const Caller& caller, const Page& page, std::string_view place) const {
  return base64url_of(bytes_of(mac(caller, page, place) + std::string(place)));
}

Result<std::string> Cursors::open(const Caller& caller, const Page& page) const {
  const auto bytes = bytes_of_base64url(page.cursor.value_or(""));
  if (!bytes || bytes->size() < mac_bytes) return not_from_here();
  const auto place = text_of(*bytes).substr(mac_bytes);
  const auto right = mac(caller, page, place);
  if (CRYPTO_memcmp(right.data(), bytes->data(), mac_bytes) != 0) return not_from_here();
  return std::string(place);
}

// A zero byte is in none of the three: nothing can be read as a part of its neighbour.
std::string Cursors::mac(const Caller& caller, const Page& page, std::string_view place) const {
  const auto text = caller.user.canonical() + '\0' + page.list + '\0' + std::string(place);
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  EVP_Q_mac(nullptr, "HMAC", nullptr, "SHA256", nullptr, secret_.data(), secret_.size(), raw(text), text.size(), out.data(),
            out.size(), nullptr);
  return {reinterpret_cast<const char*>(out.data()), mac_bytes};
}

}  // namespace kinora::http
