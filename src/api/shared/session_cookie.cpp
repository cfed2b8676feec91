#include "api/shared/session_cookie.hpp"

namespace kinora::api {

namespace {

constexpr auto longest = std::chrono::days(30);

std::string_view cookie_name(const http::Peer& peer) { return peer.is_tls ? "__Host-session" : "session"; }

// As RFC 6265bis spells the words; browsers do not mind the case of ours.
http::Header cookie_of(const CookieRules& rules, const http::Peer& peer, std::string_view value, std::chrono::seconds age) {
  std::string text(cookie_name(peer));
  text += '=' + std::string(value) + "; Path=/; Max-Age=" + std::to_string(age.count()) + "; HttpOnly";
  if (peer.is_tls) text += "; Secure";
  text += "; SameSite=" + std::string(name_of(rules.same_site));
  return {"Set-Cookie", std::move(text)};
}

}  // namespace

std::optional<std::string_view> session_cookie(const http::Head& head) { return head.cookie(cookie_name(head.peer)); }

Result<void> require_private_line(const CookieRules& rules, const http::Peer& peer) {
  if (peer.is_tls || peer.is_loopback || rules.allow_plain_http) return {};
  return fail(ErrorKind::forbidden, "a session cookie needs HTTPS: come by https://, or sign in without cookie",
              "https_required");
}

http::Header set_session_cookie(const CookieRules& rules, const http::Peer& peer, std::string_view value) {
  return cookie_of(rules, peer, value, longest);
}

http::Header clear_session_cookie(const CookieRules& rules, const http::Peer& peer) {
  return cookie_of(rules, peer, "", std::chrono::seconds(0));
}

}  // namespace kinora::api
