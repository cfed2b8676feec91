#include "app/rate_settings.hpp"

#include <algorithm>

#include "app/config_values.hpp"

namespace kinora::app {

namespace {

constexpr auto periods = std::to_array<std::pair<std::string_view, std::chrono::seconds>>({
    {"s", 1s},
    {"sec", 1s},
    {"second", 1s},
    {"m", 1min},
    {"min", 1min},
    {"minute", 1min},
    {"h", 1h},
    {"hour", 1h},
    {"d", 24h},
    {"day", 24h},
});
constexpr std::int64_t largest_count = 1'000'000'000;
constexpr std::int64_t most_periods = 1000;

/// `min`, `15min`.
std::optional<std::chrono::seconds> parse_period(std::string_view text) {
  const auto unit = std::ranges::find_if(text, [](char letter) { return letter < '0' || letter > '9'; });
  const std::string_view digits(text.begin(), unit);
  const auto found =
      std::ranges::find(periods, std::string_view(unit, text.end()), [](const auto& each) { return each.first; });
  const auto times = digits.empty() ? std::optional<std::int64_t>(1) : parse_number<std::int64_t, 1, most_periods>(digits);
  if (found == periods.end() || !times) return std::nullopt;
  return found->second * *times;
}

}  // namespace

std::vector<RateSetting> rate_settings() {
  std::vector<RateSetting> settings;
  for (const auto& [limit, name] : Names<http::LimitClass>::table)
    settings.push_back({"RATE_LIMIT_" + std::string(name), limit, {}});
  const auto classes = settings;
  for (const auto& of_all : classes)
    for (const auto& [tier, name] : Names<api::RateTier>::table)
      settings.push_back({of_all.name + '_' + std::string(name), of_all.limit, tier});
  return settings;
}

bool is_rate_setting(std::string_view name) {
  const auto all = rate_settings();
  return std::ranges::find(all, name, &RateSetting::name) != all.end();
}

std::optional<GivenRate> parse_rate(std::string_view text) {
  const auto word = lower_case(text);
  if (word == "off") return GivenRate{};
  const auto slash = word.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const auto count = parse_number<std::int64_t, 0, largest_count>(std::string_view(word).substr(0, slash));
  const auto period = parse_period(std::string_view(word).substr(slash + 1));
  if (!count || !period) return std::nullopt;
  return GivenRate{RateRule{*count, *period}};
}

void set_rate(const RateSetting& setting, std::optional<RateRule> rule, api::RateRules& rules) {
  auto& tiers = rules.classes[setting.limit];
  if (setting.tier)
    tiers[static_cast<std::size_t>(*setting.tier)] = rule;
  else
    tiers.fill(rule);
}

}  // namespace kinora::app
