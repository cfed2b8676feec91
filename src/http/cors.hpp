#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/head.hpp"
#include "http/reply.hpp"
#include "http/route.hpp"

namespace kinora::http {

/// Which pages of other origins may read answers. Never `*` with credentials, never an unknown origin echoed.
struct CorsRules {
  std::vector<std::string> origins{};  ///< exact: https://app.example
  bool loopback_origins = false;       ///< on while the server itself is bound to loopback
};

bool is_allowed_origin(const CorsRules& rules, std::string_view origin);
/// http or https on localhost, 127.0.0.0/8 or [::1], any port.
bool is_loopback_origin(std::string_view origin);

/// What the answer needs so that the asking page may read it.
void add_cors_headers(const CorsRules& rules, Sharing sharing, const Head& head, Headers& headers);

/// An OPTIONS that a browser sends before an unsafe request.
bool is_preflight(const Head& head);
Reply preflight_reply(const CorsRules& rules, Sharing sharing, const Head& head, std::span<const Method> methods);

/// `GET, HEAD, OPTIONS`: the value of Allow.
std::string method_list(std::span<const Method> methods);

}  // namespace kinora::http
