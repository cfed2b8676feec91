#include "http/cors.hpp"

#include <algorithm>

#include "http/header_values.hpp"

namespace kinora::http {

namespace {

// Every response field of the contract that a page may want to read.
constexpr std::string_view exposed =
    "Accept-Ranges, Content-Disposition, Content-Range, ETag, Idempotency-Replayed, Location, RateLimit-Limit, "
    "RateLimit-Policy, RateLimit-Remaining, RateLimit-Reset, Retry-After, Tus-Checksum-Algorithm, Tus-Extension, Tus-Max-Size, "
    "Tus-Resumable, Tus-Version, Upload-Defer-Length, Upload-Expires, Upload-Length, Upload-Metadata, Upload-Offset, "
    "X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id, X-Video-Id, traceparent";

constexpr std::string_view accepted =
    "Accept, Authorization, Content-Type, Idempotency-Key, If-Match, If-None-Match, If-Range, Last-Event-ID, Range, "
    "Tus-Resumable, Upload-Checksum, Upload-Defer-Length, Upload-Length, Upload-Metadata, Upload-Offset, X-CSRF-Token, "
    "X-HTTP-Method-Override, X-Request-Id, X-Requested-With, traceparent";

// The host of `scheme://host:port`, brackets of IPv6 included; empty for other schemes and for what is no origin.
std::string_view web_host(std::string_view origin) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!origin.starts_with(scheme)) continue;
    const auto host = origin.substr(scheme.size());
    if (host.find_first_of("/?#@") != std::string_view::npos) return {};
    return host.starts_with('[') ? host.substr(0, host.find(']') + 1) : host.substr(0, host.find(':'));
  }
  return {};
}

bool is_loopback_address(std::string_view host) {
  const bool dotted = host.starts_with("127.") &&
                      std::ranges::all_of(host, [](char letter) { return letter == '.' || (letter >= '0' && letter <= '9'); });
  return dotted && std::ranges::count(host, '.') == 3;
}

}  // namespace

bool is_loopback_origin(std::string_view origin) {
  const auto host = web_host(origin);
  return host == "localhost" || host == "[::1]" || is_loopback_address(host);
}

bool is_allowed_origin(const CorsRules& rules, std::string_view origin) {
  if (std::ranges::find(rules.origins, origin) != rules.origins.end()) return true;
  return rules.loopback_origins && is_loopback_origin(origin);
}

void add_cors_headers(const CorsRules& rules, Sharing sharing, const Head& head, Headers& headers) {
  if (sharing == Sharing::everyone) {
    headers.push_back({"Access-Control-Allow-Origin", "*"});
    headers.push_back({"Access-Control-Expose-Headers", std::string(exposed)});
    return;
  }
  const auto origin = head.header("origin");
  if (!origin) return;
  headers.push_back({"Vary", "Origin"});
  if (!is_allowed_origin(rules, *origin)) return;
  headers.push_back({"Access-Control-Allow-Origin", std::string(*origin)});
  headers.push_back({"Access-Control-Allow-Credentials", "true"});
  headers.push_back({"Access-Control-Expose-Headers", std::string(exposed)});
}

bool is_preflight(const Head& head) {
  return head.method() == Method::options && head.header("origin") && head.header("access-control-request-method");
}

Reply preflight_reply(const CorsRules& rules, Sharing sharing, const Head& head, std::span<const Method> methods) {
  Reply reply{204, {}, {{"Allow", method_list(methods)}}};
  if (sharing == Sharing::listed && !is_allowed_origin(rules, *head.header("origin"))) return reply;
  reply.headers.push_back({"Access-Control-Allow-Methods", method_list(methods)});
  reply.headers.push_back({"Access-Control-Allow-Headers", std::string(accepted)});
  reply.headers.push_back({"Access-Control-Max-Age", "600"});
  return reply;
}

std::string method_list(std::span<const Method> methods) {
  std::string list;
  for (const auto method : methods) list += (list.empty() ? "" : ", ") + std::string(name_of(method));
  return list;
}

}  // namespace kinora::http
