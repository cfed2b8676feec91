#include <gtest/gtest.h>

#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora {
namespace {

class FfmpegPlainFile : public testing::MediaFixture {
 protected:
  std::filesystem::path film() {
    return make("a.mkv",
                "-f lavfi -i testsrc2=size=320x180:rate=25:duration=9 -f lavfi -i sine=duration=9 -pix_fmt yuv420p "
                "-c:v mpeg4 -c:a libvorbis");
  }
};

TEST_F(FfmpegPlainFile, HoldsThePictureAndTheSoundAsTheyAre) {
  const auto source = film();
  const auto rung = picture(source, 180);
  const auto heard = sound(source);

  const auto made = plain_file(*rung, *heard);

  ASSERT_TRUE(made) << made.error().message;
  const auto pictures = "-select_streams v -show_entries packet=size,pts_time";
  const auto sounds = "-select_streams a -count_packets -show_entries stream=codec_name,nb_read_packets";
  EXPECT_EQ(ask(*made, pictures), ask(rung->file, pictures));
  EXPECT_EQ(ask(*made, sounds), ask(heard->file, sounds));
  EXPECT_NEAR(std::stod(ask(*made, "-select_streams a -show_entries stream=start_time")), 0, 0.03);
  EXPECT_NEAR(std::stod(ask(*made, "-show_entries format=duration")), 9, 0.05);
}

TEST_F(FfmpegPlainFile, HasItsIndexInFront) {
  const auto made = plain_file(*picture(film(), 180), {});

  ASSERT_TRUE(made) << made.error().message;
  const auto bytes = bytes_of_file(*made);
  EXPECT_LT(bytes.find("moov"), bytes.find("mdat"));
  EXPECT_EQ(bytes.find("moof"), std::string::npos);
  EXPECT_EQ(ask(*made, "-select_streams a -show_entries stream=codec_name"), "");
}

}  // namespace
}  // namespace kinora
