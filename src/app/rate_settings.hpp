#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/rate_limits.hpp"

namespace kinora::app {

/// One name of the contract's table: RATE_LIMIT_CHAT for every tier, RATE_LIMIT_CHAT_PREMIUM for one.
struct RateSetting {
  std::string name;
  http::LimitClass limit{};
  std::optional<api::RateTier> tier{};
};

/// Those of one tier come after those of all, so that they win.
std::vector<RateSetting> rate_settings();
bool is_rate_setting(std::string_view name);

constexpr std::string_view a_rate = "a number and a period such as 30/min, 5/15m, 100/h or 25/day; or off";

/// What a text decides: a rule, or none.
struct GivenRate {
  std::optional<RateRule> value{};
};
std::optional<GivenRate> parse_rate(std::string_view text);
void set_rate(const RateSetting& setting, std::optional<RateRule> rule, api::RateRules& rules);

}  // namespace kinora::app
