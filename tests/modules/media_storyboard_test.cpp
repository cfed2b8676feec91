#include <gtest/gtest.h>

#include "modules/media/storyboard.hpp"

namespace kinora::media {
namespace {

TEST(StoryboardCues, ShowEachPartOfTheSpriteInItsTime) {
  const StoryboardGrid grid{.columns = 2, .tiles = 3, .tile_width = 160, .tile_height = 90, .interval = Seconds(1.5)};

  EXPECT_EQ(storyboard_cues(grid, Seconds(4.2), "storyboard.jpg"),
            "WEBVTT\n"
            "\n00:00:00.000 --> 00:00:01.500\nstoryboard.jpg#xywh=0,0,160,90\n"
            "\n00:00:01.500 --> 00:00:03.000\nstoryboard.jpg#xywh=160,0,160,90\n"
            "\n00:00:03.000 --> 00:00:04.200\nstoryboard.jpg#xywh=0,90,160,90\n");
}

}  // namespace
}  // namespace kinora::media
