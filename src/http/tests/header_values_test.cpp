#include "http/header_values.hpp"

#include <gtest/gtest.h>

namespace kinora::http {

namespace {

TEST(HeaderList, SplitsAtCommasOutsideQuotes) {
  const std::vector<std::string_view> expected{"\"a,b\"", "c", "d"};

  EXPECT_EQ(list_members(" \"a,b\" ,c,, d "), expected);
}

TEST(HeaderParameter, IsUnquotedAndUnescaped) {
  EXPECT_EQ(parameter(R"(form-data; name="a;\"b"; filename=x.mp4)", "name"), "a;\"b");
  EXPECT_EQ(parameter(R"(form-data; name="a"; filename=x.mp4)", "FILENAME"), "x.mp4");
  EXPECT_FALSE(parameter("text/plain", "charset").has_value());
}

TEST(Wanted, FollowsQualityValues) {
  EXPECT_EQ(wanted("gzip, br;q=0.5", "gzip"), 1);
  EXPECT_EQ(wanted("gzip;q=0, *", "gzip"), 0);
  EXPECT_EQ(wanted("*;q=0.3", "gzip"), 0.3);
  EXPECT_EQ(wanted("", "gzip"), 0);
  EXPECT_EQ(wanted("gzip;q=broken", "gzip"), 0);
}

TEST(Headers, AreReplacedWithoutRegardToCase) {
  Headers headers{{"ETag", "1"}};

  set_header(headers, "etag", "2");

  ASSERT_EQ(headers.size(), 1);
  EXPECT_EQ(headers.front().value, "2");
}

}  // namespace

}  // namespace kinora::http
