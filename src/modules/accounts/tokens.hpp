#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace kinora::accounts {

/// HMAC-SHA-256, RFC 2104.
std::string hmac_sha256(std::string_view key, std::string_view text);
/// SHA-256 as hex: how secrets are kept.
std::string secret_hash(std::string_view secret);

/// The claims of an access token. The first five are those that front ends of other servers read; the rest is ours. None has a
/// default that a token could pass with by leaving it out.
struct AccessClaims {
  std::string userId;
  std::string email;
  std::string subscriptionType;
  std::int64_t iat = 0;
  std::int64_t exp = 0;
  std::string iss{};
  std::string aud{};
  std::string jti{};
  std::string sid{};
  std::string typ{};
};

/// Compact JWS (RFC 7515) with HS256, the only algorithm there is: the header is compared, never obeyed. Sets iss, aud and typ.
std::string sign(AccessClaims claims, std::string_view secret);
/// Errors: unauthorised, with the code token_expired when only its time is over.
Result<AccessClaims> verify(std::string_view token, std::string_view secret, Time now);

}  // namespace kinora::accounts
