#include "modules/media/grants.hpp"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "base/encoding.hpp"

namespace kinora::media {

namespace {

constexpr std::size_t body_bytes = 1 + 16 + 4 + 8 + 1;
constexpr std::size_t mac_bytes = 16;

void append_number(std::string& out, std::uint64_t number, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out += static_cast<char>(number >> shift & 255);
}

std::uint64_t read_number(std::string_view bytes) {
  std::uint64_t number = 0;
  for (const char byte : bytes) number = number << 8 | static_cast<unsigned char>(byte);
  return number;
}

/// BLAKE2b with a key.
template <std::size_t bytes>
std::array<unsigned char, bytes> keyed_hash(std::string_view text, const std::string& secret) {
  std::array<unsigned char, bytes> out{};
  crypto_generichash(out.data(), out.size(), reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                     reinterpret_cast<const unsigned char*>(secret.data()),
                     std::min<std::size_t>(secret.size(), crypto_generichash_KEYBYTES_MAX));
  return out;
}

std::uint8_t id_of(const std::string& secret) { return keyed_hash<crypto_generichash_BYTES_MIN>("key id", secret).front(); }

std::string mac(std::string_view body, const std::string& secret) {
  const auto hash = keyed_hash<mac_bytes>(body, secret);
  return {hash.begin(), hash.end()};
}

}  // namespace

Grants::Grants(std::string secret, std::string previous) {
  for (auto* each : {&secret, &previous})
    if (!each->empty()) keys_.push_back({id_of(*each), std::move(*each)});
}

std::string Grants::issue(const Grant& grant) const {
  const auto& [id, secret] = keys_.front();
  std::string body;
  append_number(body, id, 1);
  body += text_of(std::as_bytes(std::span(grant.video.uuid.bytes)));
  append_number(body, grant.epoch, 4);
  append_number(body, static_cast<std::uint64_t>(grant.expires_at.time_since_epoch() / 1s), 8);
  append_number(body, static_cast<std::uint64_t>(grant.reach), 1);
  return base64url_of(bytes_of(body + mac(body, secret)));
}

Result<Grant> Grants::read(std::string_view text, Time now) const {
  const auto bytes = bytes_of_base64url(text);
  if (!bytes || bytes->size() != body_bytes + mac_bytes) return fail(ErrorKind::forbidden, "this media link is not valid");
  const auto body = text_of(*bytes).substr(0, body_bytes);
  const auto signed_by = [&](const Key& key) {
    return key.id == read_number(body.substr(0, 1)) &&
           sodium_memcmp(mac(body, key.secret).data(), bytes->data() + body_bytes, mac_bytes) == 0;
  };
  if (std::ranges::none_of(keys_, signed_by)) return fail(ErrorKind::forbidden, "this media link is not valid");
  Grant grant;
  std::copy_n(body.begin() + 1, 16, reinterpret_cast<char*>(grant.video.uuid.bytes.data()));
  grant.epoch = static_cast<std::uint32_t>(read_number(body.substr(17, 4)));
  grant.expires_at = Time(std::chrono::seconds(read_number(body.substr(21, 8))));
  grant.reach = read_number(body.substr(29, 1)) == 0 ? Reach::shown : Reach::source;
  if (grant.expires_at <= now) return fail(ErrorKind::forbidden, "this media link has expired; ask for the video again");
  return grant;
}

}  // namespace kinora::media
