#include "http/ranges.hpp"

#include <gtest/gtest.h>

namespace kinora::http {

namespace {

constexpr std::uint64_t size = 10'000;
constexpr RangeAnswer whole{};
constexpr RangeAnswer unsatisfiable{RangeAnswer::Kind::unsatisfiable};

RangeAnswer part(std::uint64_t first, std::uint64_t last) { return {RangeAnswer::Kind::part, first, last}; }

// RFC 9110 section 14.1.2 gives these for a representation of 10,000 bytes.
TEST(Range, ReadsTheExamplesOfTheStandard) {
  EXPECT_EQ(range_of("bytes=0-499", size), part(0, 499));
  EXPECT_EQ(range_of("bytes=500-999", size), part(500, 999));
  EXPECT_EQ(range_of("bytes=-500", size), part(9500, 9999));
  EXPECT_EQ(range_of("bytes=9500-", size), part(9500, 9999));
}

TEST(Range, GivesTheWholeForSeveralParts) {
  EXPECT_EQ(range_of("bytes=0-0,-1", size), whole);
  EXPECT_EQ(range_of("bytes= 0-999, 4500-5499, -1000", size), whole);
}

TEST(Range, LeavesOutPartsThatLieOutside) { EXPECT_EQ(range_of("bytes=20000-, 5-6", size), part(5, 6)); }

TEST(Range, EndsWhereTheFileDoes) {
  EXPECT_EQ(range_of("bytes=9999-20000", size), part(9999, 9999));
  EXPECT_EQ(range_of("bytes=-20000", size), part(0, 9999));
}

TEST(Range, IsUnsatisfiableBehindTheEnd) {
  EXPECT_EQ(range_of("bytes=10000-", size), unsatisfiable);
  EXPECT_EQ(range_of("bytes=-0", size), unsatisfiable);
  EXPECT_EQ(range_of("bytes=0-", 0), unsatisfiable);
  EXPECT_EQ(range_of("bytes=-5", 0), unsatisfiable);
}

TEST(Range, IsIgnoredWhenItCannotBeRead) {
  for (const std::string_view text : {"lines=0-5", "bytes=", "bytes=a-b", "bytes=5-4", "bytes=-", "bytes=1", "bytes=+1-5",
                                      "bytes=1-5x", "bytes=99999999999999999999-", "bytes 0-5", ""})
    EXPECT_EQ(range_of(text, size), whole) << text;
}

}  // namespace

}  // namespace kinora::http
