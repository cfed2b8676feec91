#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/caller.hpp"
#include "http/access.hpp"
#include "http/head.hpp"
#include "http/header_values.hpp"
#include "http/route.hpp"
#include "ports/rate_limiter.hpp"

namespace kinora::api {

enum class RateTier : std::uint8_t { anonymous, user, premium };

/// Which rule holds for whom; absent: none.
struct RateRules {
  using OfTiers = std::array<std::optional<RateRule>, 3>;
  std::map<http::LimitClass, OfTiers> classes;

  std::optional<RateRule> find(http::LimitClass limit, RateTier tier) const;
};

/// The contract's table.
RateRules default_rate_rules();

/// What one request was told by the limiter.
struct Counted {
  bool allowed = true;
  std::chrono::seconds retry_after{};
  http::Headers headers{};  ///< RateLimit-*; none where nothing is counted
};

/// Counts requests by the class of their route. Any thread.
class Meter {
 public:
  Meter(RateRules rules, RateLimiter& limiter) : rules_(std::move(rules)), limiter_(limiter) {}
  /// `caller` is anonymous where nobody proved who he is, whatever he claimed.
  Task<Result<Counted>> count(const http::Head& head, const http::RouteSpec& route, const Caller& caller);

 private:
  RateRules rules_;
  RateLimiter& limiter_;
};

/// By whom anonymous requests are counted: an IPv4 address, or the /64 network of an IPv6 one, all of which one client has.
std::string counted_address(const std::string& address);

}  // namespace kinora::api

/// As settings spell them: RATE_LIMIT_<class>[_<tier>].
template <>
struct kinora::Names<kinora::http::LimitClass> {
  using enum http::LimitClass;
  static constexpr auto table = std::to_array<std::pair<http::LimitClass, std::string_view>>({
      {login, "LOGIN"},
      {upload, "UPLOAD"},
      {chat, "CHAT"},
      {summarize, "SUMMARIZE"},
      {editor, "EDITOR"},
      {editor_ai, "EDITOR_AI"},
      {signup, "SIGNUP"},
      {sift_chat, "SIFT_CHAT"},
      {sift_processing, "SIFT_PROCESSING"},
      {default_, "DEFAULT"},
      {editor_read, "EDITOR_READ"},
      {ai_chat_path, "AI_CHAT_PATH"},
      {media, "MEDIA"},
  });
};
template <>
struct kinora::Names<kinora::api::RateTier> {
  using enum api::RateTier;
  static constexpr auto table = std::to_array<std::pair<api::RateTier, std::string_view>>(
      {{anonymous, "ANONYMOUS"}, {user, "USER"}, {premium, "PREMIUM"}});
};
