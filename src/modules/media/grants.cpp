#include "modules/media/grants.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace kinora::media {

namespace {

constexpr std::size_t body_bytes = 16 + 4 + 8 + 1;
constexpr std::size_t mac_bytes = 16;

void append_number(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 255);
}

std::uint64_t read_number(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace

std::string Grants::issue(const Grant& grant) const {
  std::string body(text_of(std::as_bytes(std::span(grant.video.uuid.bytes))));
  append_number(body, grant.epoch, 4);
  append_number(body, static_cast<std::uint64_t>(grant.expires_at.time_since_epoch() / 1s), 8);
  append_number(body, static_cast<std::uint64_t>(grant.reach), 1);
  return base64url_of(bytes_of(body + mac(body)));
}

Result<Grant> Grants::read(std::string_view text, Time now) const {
  const auto bytes = bytes_of_base64url(text);
  if (!bytes || bytes->size() != body_bytes + mac_bytes) return fail(ErrorKind::forbidden, "this media link is not valid");
  const auto body = text_of(*bytes).substr(0, body_bytes);
  if (sodium_memcmp(mac(body).data(), bytes->data() + body_bytes, mac_bytes) != 0)
    return fail(ErrorKind::forbidden, "this media link is not valid");
  Grant grant;
  std::copy_n(body.begin(), 16, reinterpret_cast<char*>(grant.video.uuid.bytes.data()));
  grant.epoch = static_cast<std::uint32_t>(read_number(body.substr(16, 4)));
  grant.expires_at = Time(std::chrono::seconds(read_number(body.substr(20, 8))));
  grant.reach = read_number(body.substr(28, 1)) == 0 ? Reach::shown : Reach::source;
  if (grant.expires_at <= now) return fail(ErrorKind::forbidden, "this media link has expired; ask for the video again");
  return grant;
}

std::string Grants::mac(std::string_view body) const {
  std::array<unsigned char, mac_bytes> out{};
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(body.data()), body.size(),
                     reinterpret_cast<const unsigned char*>(secret_.data()),
                     std::min<std::size_t>(secret_.size(), crypto_generichash_KEYBYTES_MAX));
  return {out.begin(), out.end()};
}

}  // namespace kinora::media
