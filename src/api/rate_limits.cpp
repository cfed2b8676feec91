#include "api/rate_limits.hpp"

#include <boost/asio/ip/address.hpp>

namespace kinora::api {

namespace {

using http::LimitClass;
using std::chrono::seconds;

constexpr RateRule per_minute(std::int64_t count) { return {count, 1min}; }
constexpr RateRule per_quarter(std::int64_t count) { return {count, 15min}; }
constexpr RateRule per_hour(std::int64_t count) { return {count, 1h}; }
constexpr RateRule per_day(std::int64_t count) { return {count, 24h}; }
RateRules::OfTiers for_all(RateRule rule) { return {rule, rule, rule}; }

/// Whom a class counts.
enum class CountedBy : std::uint8_t { account_or_address, address, grant_and_address };

CountedBy counted_by(LimitClass limit) {
  switch (limit) {
    case LimitClass::login:
    case LimitClass::signup:
    case LimitClass::editor:
    case LimitClass::editor_read:
    case LimitClass::editor_ai:
    case LimitClass::ai_chat_path: return CountedBy::address;
    case LimitClass::media: return CountedBy::grant_and_address;
    case LimitClass::none:
    case LimitClass::default_:
    case LimitClass::upload:
    case LimitClass::chat:
    case LimitClass::summarize:
    case LimitClass::sift_chat:
    case LimitClass::sift_processing: return CountedBy::account_or_address;
  }
  return CountedBy::address;
}

/// `/media/{grant}/...`: the segment of the path where the template has its grant.
std::string_view grant_of(const http::Head& head, const http::RouteSpec& route) {
  const auto start = std::min(route.path.find("{grant}"), head.path().size());
  const auto rest = head.path().substr(start);
  return rest.substr(0, rest.find('/'));
}

std::string key_of(LimitClass limit, const http::Head& head, const http::RouteSpec& route, const Caller& caller) {
  std::string key(name_of(limit));
  const auto by = counted_by(limit);
  if (by == CountedBy::account_or_address && caller.is_person()) return key + " account " + caller.user.canonical();
  if (by == CountedBy::grant_and_address) key += " grant " + std::string(grant_of(head, route));
  return key + " address " + counted_address(head.peer.address);
}

RateTier tier_of(const Caller& caller) {
  if (!caller.is_person()) return RateTier::anonymous;
  return caller.plan == Plan::premium ? RateTier::premium : RateTier::user;
}

// What only accounts may do is counted for them; who is refused for want of one counts as anyone.
LimitClass class_of(const http::RouteSpec& route, const Caller& caller) {
  const bool is_refused = !caller.is_person() && route.access != http::Access::anyone && route.access != http::Access::optional;
  return is_refused && counted_by(route.limit) == CountedBy::account_or_address ? LimitClass::default_ : route.limit;
}

seconds whole(std::chrono::microseconds time) { return std::chrono::ceil<seconds>(time); }

http::Headers headers_of(RateRule rule, const RateDecision& decision) {
  const auto limit = std::to_string(decision.limit);
  const auto remaining = std::to_string(decision.remaining);
  const auto reset = std::to_string(whole(decision.reset).count());
  auto policy = limit + ";w=" + std::to_string(rule.period.count());
  return {{"RateLimit-Limit", limit},   {"RateLimit-Remaining", remaining},
          {"RateLimit-Reset", reset},   {"RateLimit-Policy", std::move(policy)},
          {"X-RateLimit-Limit", limit}, {"X-RateLimit-Remaining", remaining},
          {"X-RateLimit-Reset", reset}};
}

}  // namespace

std::optional<RateRule> RateRules::find(LimitClass limit, RateTier tier) const {
  const auto found = classes.find(limit);
  return found == classes.end() ? std::nullopt : found->second[static_cast<std::size_t>(tier)];
}

RateRules default_rate_rules() {
  return {{
      {LimitClass::login, for_all(per_quarter(5))},
      {LimitClass::upload, for_all(per_hour(10))},
      {LimitClass::chat, for_all(per_minute(30))},
      {LimitClass::summarize, for_all(per_hour(5))},
      {LimitClass::editor, for_all(per_quarter(100))},
      {LimitClass::editor_read, for_all(per_minute(600))},
      {LimitClass::editor_ai, for_all(per_quarter(20))},
      {LimitClass::ai_chat_path, for_all(per_minute(120))},
      {LimitClass::signup, for_all(per_quarter(20))},
      {LimitClass::sift_chat, {per_hour(10), per_hour(60), per_hour(600)}},
      {LimitClass::sift_processing, {per_day(0), per_day(25), per_day(250)}},
      {LimitClass::default_, {per_minute(60), per_minute(600), per_minute(3000)}},
      {LimitClass::media, for_all(per_minute(1800))},
  }};
}

Task<Result<Counted>> Meter::count(const http::Head& head, const http::RouteSpec& route, const Caller& caller) {
  const auto limit = class_of(route, caller);
  const auto rule = rules_.find(limit, tier_of(caller));
  if (!rule) co_return Counted{};
  const auto decision = co_await ok(limiter_.take(key_of(limit, head, route, caller), *rule));
  co_return Counted{decision.allowed, whole(decision.retry_after), headers_of(*rule, decision)};
}

std::string counted_address(const std::string& address) {
  boost::system::error_code wrong;
  const auto parsed = boost::asio::ip::make_address(address, wrong);
  if (wrong || !parsed.is_v6()) return address;
  auto bytes = parsed.to_v6().to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return boost::asio::ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace kinora::api
