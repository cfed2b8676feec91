#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/names.hpp"
#include "base/time.hpp"

namespace kinora::accounts {

/// How whoever signed in proves it afterwards; a session with a cookie has tokens too.
enum class SessionType : std::uint8_t { token, cookie };

struct Session {
  SessionId id{};
  SessionType type = SessionType::token;
  std::string user_agent;
  std::string address;
  Time last_seen_at{};  ///< to the minute
  Time expires_at{};
  Time created_at{};
};

/// What a browser is given once.
struct CookieSecrets {
  std::string value;  ///< of the cookie
  std::string csrf_token;
};

/// What every API key's secret begins with, so that leaked ones can be searched for.
inline constexpr std::string_view api_key_mark = "kin_";

struct ApiKey {
  ApiKeyId id{};
  std::string name;
  std::string prefix;  ///< the beginning of its secret, to tell keys apart
  Scopes scopes{};
  std::optional<Time> last_used_at{};  ///< to the minute
  std::optional<Time> expires_at{};
  Time created_at{};
};

struct ApiKeyWish {
  std::string name;
  Scopes scopes = Scopes::none();
  std::optional<Time> expires_at{};  ///< absent: it ends when it is removed
};

struct NewApiKey {
  ApiKey key;
  std::string secret;  ///< `kin_` and 43 characters; kept nowhere
};

struct Ticket {
  std::string text;
  Time expires_at{};
};

/// `read write`: how scopes are kept.
std::string words_of(Scopes scopes);
Scopes scopes_of(std::string_view words);

}  // namespace kinora::accounts

template <>
struct kinora::Names<kinora::accounts::SessionType> {
  using enum accounts::SessionType;
  static constexpr auto table =
      std::to_array<std::pair<accounts::SessionType, std::string_view>>({{token, "token"}, {cookie, "cookie"}});
};
