#include "base/json.hpp"

#include <gtest/gtest.h>

namespace kinora {
namespace {

struct Inner {
  std::string text;
  Seconds at{0};
};
struct Outer {
  VideoId id{};
  std::vector<Inner> parts{};
  std::optional<int> count{};
  bool flag = false;
};

TEST(Json, WritesAggregatesByTheirMemberNames) {
  const Outer outer{VideoId{}, {{"a \"b\"\n", Seconds(1.23456)}}, std::nullopt, true};

  EXPECT_EQ(to_json(outer),
            R"({"id":"vid_00000000000000000000000000","parts":[{"text":"a \"b\"\n","at":1.235}],"count":null,"flag":true})");
}

TEST(Json, ReadsBackWhatItWrote) {
  const Outer outer{VideoId{}, {{"đường", Seconds(2)}}, 7, true};

  const auto read = from_json_text<Outer>(to_json(outer));

  ASSERT_TRUE(read);
  EXPECT_EQ(to_json(*read), to_json(outer));
}

TEST(Json, NamesTheMemberThatIsWrong) {
  const auto read = from_json_text<Outer>(R"({"count":"many"})");

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "count: expected a whole number");
}

TEST(Json, RefusesRepeatedNamesDeepNestingAndBrokenText) {
  EXPECT_FALSE(parse_json(R"({"a":1,"a":2})"));
  EXPECT_FALSE(parse_json(R"({"a":{"b":1,"\u0062":2}})"));
  EXPECT_FALSE(parse_json(std::string(40, '[') + std::string(40, ']')));
  EXPECT_FALSE(parse_json("{\"a\":\"\xff\"}"));
  EXPECT_TRUE(parse_json(R"({"a":{"x":1},"b":{"x":1}})"));
}

TEST(Json, RefusesANumberThatADoubleCannotHold) {
  EXPECT_EQ(from_json_text<double>("1e308"), 1e308);
  EXPECT_FALSE(from_json_text<double>("1e309"));
  EXPECT_FALSE(from_json_text<double>("-1e99999"));
}

TEST(Json, KeepsANumberThatIsReadAndWrittenAgain) {
  for (const auto* text : {"[9.223372065384775e-22]", "[9223372065384775161e-40]", "[1.7976931348623157e308]", "[-0.1]"}) {
    const auto once = json_text(parse_json(text).value());

    EXPECT_EQ(json_text(parse_json(once).value()), once) << text;
  }
}

}  // namespace
}  // namespace kinora
