#include <gtest/gtest.h>

#include "modules/media/jobs/ladder.hpp"

namespace kinora::media {
namespace {

MediaInfo encoded(int width, int height) {
  MediaInfo info;
  info.video = VideoTrack{.codec = "hevc", .profile = "Main", .pixel_format = "yuv420p", .width = width, .height = height};
  return info;
}

std::vector<Variant> having(std::initializer_list<const char*> qualities) {
  std::vector<Variant> variants;
  for (const auto* quality : qualities) variants.emplace_back().quality = quality;
  return variants;
}

TEST(Ladder, NeverGoesAboveTheSource) {
  EXPECT_EQ(missing_rungs(encoded(1920, 1080), {}), (std::vector{360, 480, 720, 1080}));
  EXPECT_EQ(missing_rungs(encoded(854, 480), {}), (std::vector{360, 480}));
}

TEST(Ladder, GivesASmallSourceOneRungOfItsOwnSize) { EXPECT_EQ(missing_rungs(encoded(321, 241), {}), std::vector{240}); }

TEST(Ladder, CountsThePortraitClipByItsShorterSide) {
  EXPECT_EQ(missing_rungs(encoded(720, 1280), {}), (std::vector{360, 480, 720}));
}

TEST(Ladder, LacksOnlyTheRungsThatAreNotThere) {
  EXPECT_EQ(missing_rungs(encoded(1920, 1080), having({"1080p", "480p"})), (std::vector{360, 720}));
  EXPECT_TRUE(missing_rungs(encoded(854, 480), having({"360p", "480p"})).empty());
}

}  // namespace
}  // namespace kinora::media
