#include <gtest/gtest.h>

#include <cstdlib>

#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora {
namespace {

class FfmpegStoryboard : public testing::MediaFixture {
 protected:
  /// Grey that brightens by 10 a second.
  std::filesystem::path dawn(int seconds, const std::string& options) {
    return make("dawn.mp4", "-f lavfi -i color=black:size=320x180:rate=10:duration=" + std::to_string(seconds) +
                                " -vf geq=lum='16+T*10':cb=128:cr=128 -pix_fmt yuv420p -c:v libx264 -preset ultrafast " +
                                options);
  }
  /// Of the middle of a tile, 0..255.
  int brightness(const Storyboard& board, int tile) {
    const auto& grid = board.grid;
    const auto part = fmt_crop(grid, tile);
    const auto pixel =
        make("pixel.gray", "-i '" + board.file.string() + "' -vf " + part + ",scale=1:1,format=gray -f rawvideo");
    return static_cast<unsigned char>(bytes_of_file(pixel).at(0));
  }
  static std::string fmt_crop(const StoryboardGrid& grid, int tile) {
    const auto x = tile % grid.columns * grid.tile_width;
    const auto y = tile / grid.columns * grid.tile_height;
    return "crop=" + std::to_string(grid.tile_width) + ":" + std::to_string(grid.tile_height) + ":" + std::to_string(x) + ":" +
           std::to_string(y);
  }
};

TEST_F(FfmpegStoryboard, HasATileForEachSecond) {
  const auto made = storyboard(dawn(20, "-g 10"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->grid.tiles, 20);
  EXPECT_EQ(made->grid.interval, Seconds(1));
  EXPECT_EQ(ask(made->file, "-show_entries stream=codec_name,width,height"), "mjpeg,1600,180");
  for (const int tile : {0, 7, 19}) EXPECT_NEAR(brightness(*made, tile), tile * 10 * 255 / 219, 8) << tile;
}

TEST_F(FfmpegStoryboard, CoversTheLengthOfAFilmWithOneKeyFrame) {
  const auto made = storyboard(dawn(20, "-g 1000 -bf 0 -sc_threshold 0"));

  ASSERT_TRUE(made) << made.error().message;
  for (const int tile : {0, 9, 19}) EXPECT_NEAR(brightness(*made, tile), tile * 10 * 255 / 219, 10) << tile;
}

TEST_F(FfmpegStoryboard, RepeatsKeyFramesThatAreRare) {
  const auto made = storyboard(dawn(20, "-g 100 -sc_threshold 0"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_NEAR(brightness(*made, 4), 0, 8);
  EXPECT_NEAR(brightness(*made, 19), 100 * 255 / 219, 8);
}

TEST_F(FfmpegStoryboard, HasAtMostAHundredTilesOverALongFilm) {
  const auto made =
      storyboard(make("a.mp4", "-f lavfi -i color=size=64x64:rate=2:duration=410 -c:v libx264 -g 10 -preset ultrafast"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->grid.tiles, 100);
  EXPECT_NEAR(made->grid.interval.count(), 4.1, 0.01);
  EXPECT_EQ(ask(made->file, "-show_entries stream=width,height"), "640,640");
}

TEST_F(FfmpegStoryboard, StandsUprightForAPortraitClip) {
  const auto plain = make("plain.mp4", "-f lavfi -i testsrc2=size=640x360:duration=3 -c:v libx264 -pix_fmt yuv420p");

  const auto made = storyboard(make("turned.mp4", "-i '" + plain.string() + "' -c copy -metadata:s:v rotate=90"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->grid.tile_width, 160);
  EXPECT_EQ(made->grid.tile_height, 284);
}

}  // namespace
}  // namespace kinora
