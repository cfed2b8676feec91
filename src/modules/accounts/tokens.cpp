#include "modules/accounts/tokens.hpp"

#include <sodium.h>

#include <array>

#include "base/encoding.hpp"
#include "base/json.hpp"
#include "base/sha256.hpp"

namespace kinora::accounts {

namespace {

constexpr std::string_view header = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::size_t token_bytes_max = 4096;
constexpr std::string_view issuer = "kinora";
constexpr std::string_view purpose = "access";
constexpr std::int64_t clock_drift_seconds = 60;  // our own clock may have been set back

const unsigned char* raw(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }

bool equal_in_constant_time(std::string_view one, std::string_view other) {
  return one.size() == other.size() && sodium_memcmp(one.data(), other.data(), one.size()) == 0;
}

bool is_complete(const AccessClaims& claims) {
  return claims.iss == issuer && claims.aud == issuer && claims.typ == purpose && !claims.userId.empty() && !claims.sid.empty();
}

std::unexpected<Error> refused() { return fail(ErrorKind::unauthorised, "this access token is not valid; sign in again"); }

}  // namespace

std::string hmac_sha256(std::string_view key, std::string_view text) {
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, raw(key), key.size());
  crypto_auth_hmacsha256_update(&state, raw(text), text.size());
  std::array<unsigned char, crypto_auth_hmacsha256_BYTES> mac{};
  crypto_auth_hmacsha256_final(&state, mac.data());
  return {mac.begin(), mac.end()};
}

std::string secret_hash(std::string_view secret) { return sha256_of(secret); }

std::string sign(AccessClaims claims, std::string_view secret) {
  claims.iss = claims.aud = issuer;
  claims.typ = purpose;
  auto token = base64url_of(bytes_of(header)) + '.' + base64url_of(bytes_of(to_json(claims)));
  token += '.' + base64url_of(bytes_of(hmac_sha256(secret, token)));
  return token;
}

Result<AccessClaims> verify(std::string_view token, std::string_view secret, Time now) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (token.size() > token_bytes_max || first == std::string_view::npos || first == last) return refused();
  if (token.substr(0, first) != base64url_of(bytes_of(header))) return refused();
  const auto mac = bytes_of_base64url(token.substr(last + 1));
  if (!mac || !equal_in_constant_time(text_of(*mac), hmac_sha256(secret, token.substr(0, last)))) return refused();

  const auto payload = bytes_of_base64url(token.substr(first + 1, last - first - 1));
  auto claims = payload ? from_json_text<AccessClaims>(text_of(*payload)) : Result<AccessClaims>(refused());
  // Written again it must be the same text: no claim that we do not write (nbf, crit) can pass unseen.
  if (!claims || !is_complete(*claims) || to_json(*claims) != text_of(*payload)) return refused();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(now).time_since_epoch().count();
  if (claims->iat > seconds + clock_drift_seconds) return refused();
  if (claims->exp <= seconds)
    return fail(ErrorKind::unauthorised, "this access token has expired; refresh it", "token_expired");
  return claims;
}

}  // namespace kinora::accounts
