#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "adapters/media_tool/ffmpeg/probe_report.hpp"
#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora {
namespace {

class FfmpegProbe : public testing::MediaFixture {
 protected:
  struct Kind {
    std::string file;
    std::string options;
    std::string container;
    std::string video;
    std::string audio;
  };
  void expect_seen(const Kind& kind) {
    SCOPED_TRACE(kind.file);
    const auto info = info_of(make(kind.file, source + kind.options));
    EXPECT_EQ(info.container, kind.container);
    EXPECT_NEAR(info.duration.count(), 2, 0.2);
    EXPECT_EQ(info.video ? info.video->codec : "", kind.video);
    EXPECT_EQ(info.audio ? info.audio->codec : "", kind.audio);
    if (info.video) {
      EXPECT_EQ(info.video->width, 320);
      EXPECT_EQ(info.video->height, 180);
    }
  }

  static constexpr auto source =
      "-f lavfi -i testsrc2=size=320x180:rate=25:duration=2 -f lavfi -i sine=frequency=440:duration=2 -pix_fmt yuv420p ";
};

TEST_F(FfmpegProbe, SeesTheContainersAndCodecsWeTake) {
  expect_seen({"a.mp4", "-c:v libx264 -c:a aac", "mov", "h264", "aac"});
  expect_seen({"a.mov", "-c:v libx265 -x265-params log-level=none -c:a aac", "mov", "hevc", "aac"});
  expect_seen({"a.mkv", "-c:v libx264 -c:a ac3", "matroska", "h264", "ac3"});
  expect_seen({"a.webm", "-c:v libvpx-vp9 -deadline realtime -c:a libopus", "matroska", "vp9", "opus"});
  expect_seen({"b.webm", "-c:v libsvtav1 -preset 12 -c:a libvorbis", "matroska", "av1", "vorbis"});
  expect_seen({"a.avi", "-c:v mpeg4 -c:a libmp3lame", "avi", "mpeg4", "mp3"});
  expect_seen({"a.wmv", "-c:v wmv2 -c:a wmav2", "asf", "wmv2", "wmav2"});
  expect_seen({"a.flv", "-c:v flv1 -ar 44100 -c:a libmp3lame", "flv", "flv1", "mp3"});
}

TEST_F(FfmpegProbe, SeesSoundOnlyFiles) {
  expect_seen({"a.m4a", "-vn -c:a aac", "mov", "", "aac"});
  expect_seen({"a.mp3", "-vn -c:a libmp3lame", "mp3", "", "mp3"});
  expect_seen({"a.wav", "-vn", "wav", "", "pcm_s16le"});
  expect_seen({"a.ogg", "-vn -c:a libvorbis", "ogg", "", "vorbis"});
  expect_seen({"a.flac", "-vn", "flac", "", "flac"});
  expect_seen({"a.aac", "-vn -c:a aac", "aac", "", "aac"});
}

TEST_F(FfmpegProbe, SeesAFileWithoutSound) {
  const auto info = info_of(make("a.mp4", "-f lavfi -i testsrc2=duration=1 -c:v libx264"));

  EXPECT_TRUE(info.video);
  EXPECT_FALSE(info.audio);
}

TEST_F(FfmpegProbe, PassesOverCoverArt) {
  const auto cover = make("cover.png", "-f lavfi -i testsrc2=duration=1 -frames:v 1");
  const auto song = make("a.m4a", "-f lavfi -i sine=duration=1 -i '" + cover.string() +
                                      "' -map 0 -map 1 -c:a aac -c:v copy -disposition:v attached_pic");

  const auto info = info_of(song);

  EXPECT_FALSE(info.video);
  EXPECT_TRUE(info.audio);
}

TEST_F(FfmpegProbe, TellsASizeAsShown) {
  const auto plain = make("plain.mp4", "-f lavfi -i testsrc2=size=320x180:duration=1 -c:v libx264 -pix_fmt yuv420p");
  const auto turned = info_of(make("turned.mp4", "-i '" + plain.string() + "' -c copy -metadata:s:v rotate=90"));
  const auto wide = info_of(make("wide.mp4", "-f lavfi -i testsrc2=size=360x288:duration=1 -vf setsar=16/11 -c:v libx264"));

  EXPECT_EQ(turned.video->rotation % 180, 90);
  EXPECT_EQ(turned.video->width, 180);
  EXPECT_EQ(turned.video->height, 320);
  EXPECT_EQ(wide.video->width, 524);
  EXPECT_EQ(wide.video->height, 288);
}

TEST_F(FfmpegProbe, TellsRateSteadinessAndKeyFrames) {
  const auto steady =
      info_of(make("a.mp4", "-f lavfi -i testsrc2=rate=30000/1001:duration=6 -c:v libx264 -g 60 -sc_threshold 0"));
  const auto jumpy = info_of(make("b.mp4",
                                  "-f lavfi -i testsrc2=rate=30:duration=4 -vf \"select='not(mod(floor(n/7),3))'\" -vsync vfr "
                                  "-c:v libx264"));

  EXPECT_NEAR(steady.video->frames_per_second, 29.97, 0.01);
  EXPECT_NEAR(steady.video->key_frame_gap_max.count(), 2.0, 0.05);
  EXPECT_FALSE(steady.video->variable_frame_rate);
  EXPECT_TRUE(jumpy.video->variable_frame_rate);
}

TEST_F(FfmpegProbe, TellsInterlacedTenBitAndHighDynamicRange) {
  const auto fields =
      info_of(make("a.mp4", "-f lavfi -i testsrc2=rate=50:duration=1 -vf interlace -c:v libx264 -flags +ildct+ilme"));
  const auto deep = info_of(make("b.mp4", "-f lavfi -i testsrc2=duration=1 -pix_fmt yuv420p10le -c:v libx264"));
  const auto bright = info_of(make("c.mp4",
                                   "-f lavfi -i testsrc2=duration=1 -pix_fmt yuv420p10le -c:v libx265 -x265-params "
                                   "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"));

  EXPECT_TRUE(fields.video->interlaced);
  EXPECT_EQ(deep.video->pixel_format, "yuv420p10le");
  EXPECT_FALSE(deep.video->high_dynamic_range);
  EXPECT_TRUE(bright.video->high_dynamic_range);
}

TEST_F(FfmpegProbe, TellsTheSoundsChannelsAndLanguage) {
  const auto info = info_of(make("a.mkv",
                                 "-f lavfi -i anoisesrc=duration=1 -af aformat=channel_layouts=5.1 -c:a ac3 "
                                 "-metadata:s:a language=fre"));

  EXPECT_EQ(info.audio->channels, 6);
  EXPECT_EQ(info.audio->language, "fr");
}

TEST_F(FfmpegProbe, MeasuresTheLengthOfALongFile) {
  const auto info = info_of(make("a.mp4", "-f lavfi -i color=size=64x64:rate=5:duration=400 -c:v libx264 -preset ultrafast"));

  EXPECT_NEAR(info.duration.count(), 400, 0.3);
}

TEST_F(FfmpegProbe, DoesNotBelieveADeclaredLength) {
  auto bytes = std::string();
  {
    const auto honest = make("a.flv", "-f lavfi -i testsrc2=size=64x64:rate=10:duration=2 -c:v flv1 -flvflags no_sequence_end");
    std::ifstream file(honest, std::ios::binary);
    bytes.assign(std::istreambuf_iterator<char>(file), {});
  }
  const auto at = bytes.find("duration");
  ASSERT_NE(at, std::string::npos);
  const unsigned char ten_days[] = {0x41, 0x2A, 0x5E, 0x00, 0, 0, 0, 0};  // 864000 as an IEEE 754 double
  bytes.replace(at + 9, 8, reinterpret_cast<const char*>(ten_days), 8);

  const auto info = info_of(write("b.flv", bytes));

  EXPECT_NEAR(info.duration.count(), 2, 0.3);
}

TEST(FfmpegProbeReport, SaysThatACodecIsNotKnownWhereTheFileNamesNone) {
  const auto read = ffmpeg::read_probe_report(R"({"format": {}, "streams": [{"codec_type": "audio", "channels": 2}]})");

  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().message, "the sound's codec is not known; convert the file to AAC");
}

}  // namespace
}  // namespace kinora
