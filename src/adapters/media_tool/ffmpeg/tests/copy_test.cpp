#include <gtest/gtest.h>

#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora {
namespace {

using namespace std::string_literals;

class FfmpegCopy : public testing::MediaFixture {
 protected:
  std::filesystem::path film(const std::string& name, const std::string& options) {
    return make(name, "-f lavfi -i testsrc2=size=320x180:rate=25:duration=8 -pix_fmt yuv420p -c:v libx264 -g 50 " + options);
  }
  void expect_refused(const std::filesystem::path& source) {
    const auto made = copied(source);
    ASSERT_FALSE(made) << source;
    EXPECT_EQ(made.error().kind, ErrorKind::unsupported) << made.error().message;
  }
  /// A QuickTime matrix of two by two, as the header of a track holds it (ISO/IEC 14496-12, 8.3.2).
  std::filesystem::path with_matrix(const std::filesystem::path& source, int a, int b, int c, int d) {
    auto bytes = bytes_of_file(source);
    const auto matrix = bytes.find("tkhd") + 44;
    const auto put = [&](std::size_t place, int number) {
      for (int byte = 0; byte < 4; ++byte)
        bytes[matrix + 4 * place + static_cast<std::size_t>(byte)] = static_cast<char>(number << 16 >> (24 - 8 * byte));
    };
    put(0, a), put(1, b), put(3, c), put(4, d);
    return write("matrix.mp4", bytes);
  }
};

TEST_F(FfmpegCopy, TakesAPictureWhoseGroupsAreClosed) {
  const auto source = film("a.mp4", "-bf 3");

  EXPECT_TRUE(fits_copy(info_of(source)));
  EXPECT_TRUE(copied(source));
}

TEST_F(FfmpegCopy, RefusesAPictureInAMirror) {
  const auto plain = film("a.mp4", "");

  EXPECT_TRUE(fits_copy(info_of(with_matrix(plain, 1, 0, 0, 1))));
  EXPECT_FALSE(fits_copy(info_of(with_matrix(plain, -1, 0, 0, 1))));
  EXPECT_FALSE(fits_copy(info_of(with_matrix(plain, 1, 0, 0, -1))));
  EXPECT_FALSE(fits_copy(info_of(with_matrix(plain, 0, 1, -1, 0))));
  EXPECT_FALSE(fits_copy(info_of(with_matrix(plain, -1, 0, 0, -1))));
}

TEST_F(FfmpegCopy, RefusesOpenGroupsAtSight) {
  const auto source = film("a.mp4", "-x264-params open-gop=1:min-keyint=50:scenecut=0:bframes=3");

  EXPECT_FALSE(fits_copy(info_of(source)));
  expect_refused(source);
}

TEST_F(FfmpegCopy, RefusesKeyFramesThatNoDecoderCanBeginWith) {
  const auto source = film("a.mp4", "-x264-params intra-refresh=1:bframes=0");

  EXPECT_TRUE(fits_copy(info_of(source)));  // packets say nothing of it
  expect_refused(source);
}

TEST_F(FfmpegCopy, RefusesAPictureThatChangesItsSize) {
  const auto first = film("a.flv", "-t 4 -bf 0");
  const auto second = make("b.flv",
                           "-f lavfi -i testsrc2=size=640x360:rate=25:duration=4 -pix_fmt yuv420p -c:v libx264 -g 50 -bf 0 "
                           "-output_ts_offset 4");
  const auto told = write("told.flv", bytes_of_file(first) + bytes_of_file(second).substr(13));

  EXPECT_FALSE(fits_copy(info_of(told)));
}

TEST_F(FfmpegCopy, RefusesASizeThatChangesUntold) {
  const auto first = film("a.h264", "-t 4 -bf 0");
  const auto second =
      make("b.h264", "-f lavfi -i testsrc2=size=640x360:rate=25:duration=4 -pix_fmt yuv420p -c:v libx264 -g 50 -bf 0");
  const auto stream = write("both.h264", bytes_of_file(first) + bytes_of_file(second));

  expect_refused(make("both.mkv", "-r 25 -f h264 -i '" + stream.string() + "' -c copy"));
}

TEST_F(FfmpegCopy, RefusesAPictureThatDoesNotDecode) {
  auto bytes = bytes_of_file(film("a.mp4", "-bf 0"));
  // Units keep their lengths and types, and lose what they say.
  for (auto at = bytes.find("mdat") + 4; at + 5 < bytes.size();) {
    std::size_t size = 0;
    for (std::size_t byte = 0; byte < 4; ++byte) size = size << 8 | static_cast<unsigned char>(bytes[at + byte]);
    for (auto inside = at + 5; inside < std::min(at + 4 + size, bytes.size()); ++inside) bytes[inside] = '\0';
    if (size == 0 || bytes.substr(at + 4 + size, 12).contains("moov")) break;
    at += 4 + size;
  }
  const auto source = write("emptied.mp4", bytes);

  expect_refused(source);
  EXPECT_EQ(picture(source, 180).error().kind, ErrorKind::invalid);
}

TEST_F(FfmpegCopy, RefusesSoundThatDoesNotDecode) {
  auto bytes = bytes_of_file(make("a.m4a", "-f lavfi -i sine=duration=4 -c:a aac"));
  const auto first = bytes.find("mdat") + 4;
  for (auto at = first; at < bytes.find("moov", first) - 4; ++at) bytes[at] = static_cast<char>(0x55 + 7 * at);

  const auto made = sound(write("noise.m4a", bytes));

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::invalid);
}

TEST_F(FfmpegCopy, KeepsTheTimesOfAPictureThatBeginsLate) {
  const auto source = make("a.mkv",
                           "-f lavfi -i sine=duration=8 -itsoffset 0.6 -f lavfi -i "
                           "testsrc2=size=320x180:rate=25:duration=8 -pix_fmt yuv420p -c:v libx264 -g 50 -bf 0 -c:a aac");

  const auto made = copied(source);

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_NEAR(std::stod(ask(made->file, "-show_entries stream=start_time")), 0.6, 0.03);
}

TEST_F(FfmpegCopy, EncodesOnInTheFirstSizeWhenAPictureChangesIt) {
  const auto first = film("a.flv", "-t 4 -bf 0");
  const auto second = make("b.flv",
                           "-f lavfi -i testsrc2=size=640x360:rate=25:duration=4 -pix_fmt yuv420p -c:v libx264 -g 50 -bf 0 "
                           "-output_ts_offset 4");

  const auto made = picture(write("both.flv", bytes_of_file(first) + bytes_of_file(second).substr(13)), 180);

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(ask(made->file, "-count_frames -show_entries stream=width,height,nb_read_frames"), "320,180,200");
}

}  // namespace
}  // namespace kinora
