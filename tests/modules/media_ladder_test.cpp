#include <gtest/gtest.h>

#include "modules/media/jobs/ladder.hpp"

namespace kinora::media {
namespace {

MediaInfo encoded(int width, int height) {
  MediaInfo info;
  info.video = VideoTrack{.codec = "hevc", .profile = "Main", .pixel_format = "yuv420p", .width = width, .height = height};
  return info;
}

MediaInfo copyable(int width, int height) {
  auto info = encoded(width, height);
  info.video->codec = "h264";
  info.video->key_frame_gap_max = Seconds(2);
  return info;
}

std::vector<int> heights_of(const std::vector<RungRequest>& rungs) {
  std::vector<int> heights;
  for (const auto& rung : rungs) heights.push_back(rung.height);
  return heights;
}

TEST(Ladder, BeginsWithTheLowestRungWhenItMustEncode) {
  const auto info = encoded(1920, 1080);

  EXPECT_EQ(first_rung_of(info).height, 360);
  EXPECT_EQ(first_rung_of(info).how, CopyOrEncode::encode);
  EXPECT_EQ(heights_of(rest_of_ladder(info)), (std::vector{480, 720, 1080}));
}

TEST(Ladder, BeginsWithACopyOfASourceThatFits) {
  const auto info = copyable(1280, 720);

  EXPECT_EQ(first_rung_of(info).height, 720);
  EXPECT_EQ(first_rung_of(info).how, CopyOrEncode::copy);
  EXPECT_EQ(heights_of(rest_of_ladder(info)), (std::vector{360, 480}));
}

TEST(Ladder, NeverGoesAboveTheSource) {
  EXPECT_EQ(heights_of(rest_of_ladder(encoded(854, 480))), std::vector{480});
  EXPECT_TRUE(rest_of_ladder(encoded(320, 240)).empty());
  EXPECT_EQ(first_rung_of(encoded(320, 240)).height, 240);
}

TEST(Ladder, CountsThePortraitClipByItsShorterSide) {
  EXPECT_EQ(heights_of(rest_of_ladder(encoded(720, 1280))), (std::vector{480, 720}));
}

}  // namespace
}  // namespace kinora::media
