#include "http/target.hpp"

#include <gtest/gtest.h>

namespace kinora::http {

namespace {

TEST(Utf8, CountsCodePointsNotBytes) {
  EXPECT_EQ(count_code_points("abc"), 3);
  EXPECT_EQ(count_code_points("\xc3\xa9t\xc3\xa9"), 3);
  EXPECT_EQ(count_code_points("\xf0\x9f\x8e\xac"), 1);
  EXPECT_EQ(count_code_points(""), 0);
}

TEST(Utf8, RefusesOverlongFormsSurrogatesAndCutSequences) {
  for (const std::string_view bytes : {"\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\x80", "\xff"})
    EXPECT_FALSE(count_code_points(bytes).has_value());
}

TEST(Segment, IsDecodedOnce) {
  EXPECT_EQ(decode_segment("a%20b"), "a b");
  EXPECT_EQ(decode_segment("%252e"), "%2e");
  EXPECT_EQ(decode_segment("caf%C3%A9"), "caf\xc3\xa9");
}

TEST(Segment, RefusesWhatCouldLeaveItsPlace) {
  for (const std::string_view segment :
       {"..", ".", "%2e%2e", "%2E", "a%2fb", "a%2Fb", "%00", "a%0ab", "%7f", "%c0%af", "%e0%80%af", "%ff", "%", "%2", "%zz"})
    EXPECT_FALSE(decode_segment(segment).has_value()) << segment;
}

TEST(Query, GivesPairsInTheirOrder) {
  const auto pairs = decode_query("a=1&b=x+y&a=%26&&empty=&flag");

  const QueryPairs expected{{"a", "1"}, {"b", "x y"}, {"a", "&"}, {"empty", ""}, {"flag", ""}};
  EXPECT_EQ(pairs, expected);
}

TEST(Query, RefusesBrokenEscapes) {
  EXPECT_FALSE(decode_query("a=%zz").has_value());
  EXPECT_FALSE(decode_query("a=%c3").has_value());
}

TEST(PercentEncoding, LeavesOnlyUnreservedCharacters) { EXPECT_EQ(percent_encoded("a b/\xc3\xa9~"), "a%20b%2F%C3%A9~"); }

}  // namespace

}  // namespace kinora::http
