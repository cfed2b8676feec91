#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/names.hpp"
#include "http/head.hpp"
#include "http/header_values.hpp"

namespace kinora::api {

enum class SameSite : std::uint8_t { lax, strict, none };

/// How sessions in cookies are given out.
struct CookieRules {
  SameSite same_site = SameSite::lax;
  bool allow_plain_http = false;  ///< beyond loopback too
};

/// The value of the session cookie: `__Host-session` over TLS, where nobody else can have set it; `session` in the clear.
std::optional<std::string_view> session_cookie(const http::Head& head);

/// Errors: forbidden (https_required), where the cookie would travel in the clear over a network.
Result<void> require_private_line(const CookieRules& rules, const http::Peer& peer);

/// Set-Cookie. The server ends sessions; the browser only forgets them with their absolute time.
http::Header set_session_cookie(const CookieRules& rules, const http::Peer& peer, std::string_view value);
http::Header clear_session_cookie(const CookieRules& rules, const http::Peer& peer);

}  // namespace kinora::api

template <>
struct kinora::Names<kinora::api::SameSite> {
  using enum api::SameSite;
  static constexpr auto table =
      std::to_array<std::pair<api::SameSite, std::string_view>>({{lax, "lax"}, {strict, "strict"}, {none, "none"}});
};
