#include "api/shared/paging.hpp"

#include <gtest/gtest.h>

namespace kinora::api {
namespace {

struct Thing {
  VideoId id{};
  Time created_at{};
};

class Paging : public ::testing::Test {
 protected:
  http::Cursors cursors{"secret"};
  Caller caller;
  http::Page page{.list = "/things"};
};

TEST_F(Paging, GoesOnWhereItEndedToTheMicrosecond) {
  const Thing thing{{Uuid{{7}}}, Time(std::chrono::microseconds(1'795'251'600'123'456))};

  page.cursor = cursor_of(cursors, caller, page, birth_of(thing));
  const auto place = place_of<Birth<VideoId>>(cursors, caller, page).value();

  ASSERT_TRUE(place);
  EXPECT_EQ(place->created_at(), thing.created_at);
  EXPECT_EQ(place->id, thing.id);
}

TEST_F(Paging, BeginsWithoutACursor) { EXPECT_FALSE(place_of<Birth<VideoId>>(cursors, caller, page).value()); }

TEST_F(Paging, ShowsOneLessThanWasAskedFor) {
  std::vector more{1, 2, 3};
  std::vector last{1, 2};

  EXPECT_TRUE(cut_to_page(more, 2));
  EXPECT_EQ(more, (std::vector{1, 2}));
  EXPECT_FALSE(cut_to_page(last, 2));
}

}  // namespace
}  // namespace kinora::api
