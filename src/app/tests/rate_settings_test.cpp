#include "app/rate_settings.hpp"

#include <gtest/gtest.h>

#include "app/config.hpp"
#include "app/tests/folder.hpp"

namespace kinora::app {
namespace {

using api::RateTier;
using http::LimitClass;

std::optional<RateRule> rate(std::string_view text) {
  const auto given = parse_rate(text);
  return given ? given->value : std::nullopt;
}

TEST(ARate, IsANumberWithinAPeriod) {
  EXPECT_EQ(rate("30/min"), (RateRule{30, std::chrono::minutes(1)}));
  EXPECT_EQ(rate("5/15min"), (RateRule{5, std::chrono::minutes(15)}));
  EXPECT_EQ(rate("5/15m"), (RateRule{5, std::chrono::minutes(15)}));
  EXPECT_EQ(rate("10/h"), (RateRule{10, std::chrono::hours(1)}));
  EXPECT_EQ(rate("25/Day"), (RateRule{25, std::chrono::hours(24)}));
  EXPECT_EQ(rate("0/day"), (RateRule{0, std::chrono::hours(24)}));
}

TEST(ARate, MayBeOff) {
  ASSERT_TRUE(parse_rate("OFF"));
  EXPECT_EQ(parse_rate("off")->value, std::nullopt);
}

TEST(ARate, IsNothingElse) {
  for (const auto* wrong : {"", "30", "/min", "30/", "30/fortnight", "-1/min", "1.5/min", "30 / min", "30/0min", "30/min/h",
                            "on", "30/-1h", "99999999999/min", "1/9999d"})
    EXPECT_FALSE(parse_rate(wrong)) << wrong;
}

class RateSettings : public ::testing::Test {
 protected:
  Result<Config> load(Variables more) const {
    more.emplace("HOME", "/home/ana");
    more.emplace("KINORA_DATA", folder_.path());
    return load_config(more, {});
  }
  testing::Folder folder_;
};

TEST_F(RateSettings, AreTheContractsWhereNothingIsSaid) {
  const auto rules = load({}).value().rate_rules;

  EXPECT_EQ(rules.find(LimitClass::login, RateTier::anonymous), (RateRule{5, std::chrono::minutes(15)}));
  EXPECT_EQ(rules.find(LimitClass::default_, RateTier::premium), (RateRule{3000, std::chrono::minutes(1)}));
}

TEST_F(RateSettings, HoldForEveryTierOrForOne) {
  const auto rules = load({{"RATE_LIMIT_DEFAULT", "7/min"}, {"RATE_LIMIT_DEFAULT_USER", "8/h"}}).value().rate_rules;

  EXPECT_EQ(rules.find(LimitClass::default_, RateTier::anonymous), (RateRule{7, std::chrono::minutes(1)}));
  EXPECT_EQ(rules.find(LimitClass::default_, RateTier::user), (RateRule{8, std::chrono::hours(1)}));
  EXPECT_EQ(rules.find(LimitClass::default_, RateTier::premium), (RateRule{7, std::chrono::minutes(1)}));
}

TEST_F(RateSettings, CanBeOff) {
  EXPECT_EQ(load({{"RATE_LIMIT_CHAT", "off"}})->rate_rules.find(LimitClass::chat, RateTier::user), std::nullopt);
}

TEST_F(RateSettings, AreNamedWithClassAndTierOfTheContract) {
  for (const auto* name :
       {"RATE_LIMIT_LOGIN", "RATE_LIMIT_EDITOR_AI", "RATE_LIMIT_SIFT_PROCESSING_PREMIUM", "RATE_LIMIT_MEDIA"})
    EXPECT_TRUE(is_rate_setting(name)) << name;
  for (const auto* name : {"RATE_LIMIT_", "RATE_LIMIT_LOGINS", "RATE_LIMIT_USER", "RATE_LIMIT_LOGIN_GUEST", "RATE_LIMIT_NONE"})
    EXPECT_FALSE(is_rate_setting(name)) << name;
}

TEST_F(RateSettings, AreRefusedWhenTheyAreNoRate) {
  const auto config = load({{"RATE_LIMIT_CHAT_USER", "often"}});

  ASSERT_FALSE(config);
  EXPECT_TRUE(config.error().message.contains("RATE_LIMIT_CHAT_USER=often (environment): give a number and a period"))
      << config.error().message;
}

TEST_F(RateSettings, StandBesideThoseOfCookiesAndProxies) {
  const auto config =
      load({{"SESSION_LIFETIME", "12h"}, {"SESSION_SAMESITE", "Strict"}, {"TRUSTED_PROXIES", "10.0.0.0/8, ::1"}});

  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->session_lifetime, std::chrono::hours(12));
  EXPECT_EQ(config->session_same_site, api::SameSite::strict);
  EXPECT_TRUE(config->trusted_proxies.has("10.1.2.3"));
  EXPECT_FALSE(config->trusted_proxies.has("11.1.2.3"));
  EXPECT_FALSE(load({{"SESSION_LIFETIME", "1m"}}));
  EXPECT_FALSE(load({{"SESSION_LIFETIME", "31d"}}));
  EXPECT_FALSE(load({{"SESSION_SAMESITE", "loose"}}));
  EXPECT_FALSE(load({{"TRUSTED_PROXIES", "nginx"}}));
}

}  // namespace
}  // namespace kinora::app
