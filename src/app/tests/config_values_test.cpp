#include "app/config_values.hpp"

#include <gtest/gtest.h>

namespace kinora::app {
namespace {

using namespace std::chrono_literals;

TEST(Duration, TakesAUnitOrCountsBareUnits) {
  EXPECT_EQ(parse_duration("1h", 1s), 1h);
  EXPECT_EQ(parse_duration("7d", 1s), 7 * 24h);
  EXPECT_EQ(parse_duration("15 m", 1s), 15min);
  EXPECT_EQ(parse_duration("250ms", 1s), 250ms);
  EXPECT_EQ(parse_duration("3600", 1s), 1h);
  EXPECT_EQ(parse_duration("3600000", 1ms), 1h);
}

TEST(Duration, RefusesWhatIsNone) {
  for (const auto* text : {"", "soon", "h", "1y", "-1h", "1.5h", "0", "0s", "99999d", "18446744073709551615w", "1h30m"})
    EXPECT_FALSE(parse_duration(text, 1s)) << text;
}

TEST(Size, CountsByItsUnit) {
  EXPECT_EQ(parse_size("1048576"), 1048576u);
  EXPECT_EQ(parse_size("2GiB"), 2ULL << 30);
  EXPECT_EQ(parse_size("500 MB"), 500'000'000u);
  EXPECT_EQ(parse_size("1kib"), 1024u);
  EXPECT_EQ(parse_size("0"), 0u);
}

TEST(Size, RefusesWhatIsNoneOrTooLarge) {
  for (const auto* text : {"", "big", "GiB", "-1", "1.5GiB", "2G2", "99999999TiB"}) EXPECT_FALSE(parse_size(text)) << text;
}

TEST(Switch, KnowsTheUsualWords) {
  for (const auto* text : {"on", "ON", "true", "yes", "1"}) EXPECT_EQ(parse_switch(text), true) << text;
  for (const auto* text : {"off", "False", "no", "0"}) EXPECT_EQ(parse_switch(text), false) << text;
  for (const auto* text : {"", "2", "perhaps"}) EXPECT_FALSE(parse_switch(text).has_value()) << text;
}

TEST(Address, IsWrittenInOneForm) {
  EXPECT_EQ(parse_address("localhost"), "127.0.0.1");
  EXPECT_EQ(parse_address("0.0.0.0"), "0.0.0.0");
  EXPECT_EQ(parse_address("0:0:0:0:0:0:0:1"), "::1");
}

TEST(Address, HoldsNoPortAndNoName) {
  for (const auto* text : {"", "127.0.0.1:8080", "example.org", "127.0.0", "*"}) EXPECT_FALSE(parse_address(text)) << text;
}

TEST(Url, LosesTheSlashAtItsEnd) {
  EXPECT_EQ(parse_url("https://video.example.org/"), "https://video.example.org");
  EXPECT_EQ(parse_url("http://localhost:3000/app"), "http://localhost:3000/app");
}

TEST(Url, NeedsASchemeAndAHost) {
  for (const auto* text :
       {"", "video.example.org", "ftp://example.org", "https://", "https:///x", "https://a b", "https://u@h"})
    EXPECT_FALSE(parse_url(text)) << text;
}

TEST(Url, KnowsItsOrigin) {
  EXPECT_EQ(origin_of("http://localhost:3000/app/x"), "http://localhost:3000");
  EXPECT_EQ(origin_of("https://example.org"), "https://example.org");
}

TEST(Origins, AreAListWithCommas) {
  const std::vector<std::string> wanted = {"https://vidsift.com", "http://localhost:3000"};

  EXPECT_EQ(parse_origins("https://vidsift.com, http://localhost:3000/"), wanted);
  EXPECT_EQ(parse_origins(","), std::vector<std::string>());
}

TEST(Origins, HaveNoPathAndNoStar) {
  for (const auto* text : {"*", "https://a.example/path", "https://a.example,nonsense"})
    EXPECT_FALSE(parse_origins(text)) << text;
}

}  // namespace
}  // namespace kinora::app
