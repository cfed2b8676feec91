#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora {
namespace {

constexpr auto small_source =
    "-f lavfi -i testsrc2=size=640x360:rate=25:duration=9 -f lavfi -i sine=duration=9 -pix_fmt yuv420p -c:v libx264 -preset "
    "ultrafast "
    "-g 50 -c:a aac";

class FfmpegRendition : public testing::MediaFixture {};

TEST_F(FfmpegRendition, EncodesARungInSegmentsThatDecodeAlone) {
  const auto made = picture(make("a.mp4", small_source), 240);

  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->segments.size(), 3U);
  EXPECT_EQ(frames_in(*made, 0), 100);
  EXPECT_EQ(frames_in(*made, 1), 100);
  EXPECT_EQ(frames_in(*made, 2), 25);
  EXPECT_NEAR(length_of(*made).count(), 9, 0.05);
  EXPECT_EQ(ask(made->file, "-select_streams v -show_entries stream=codec_name,profile,width,height,pix_fmt"),
            "h264,High,426,240,yuv420p");
  EXPECT_EQ(ask(made->file, "-select_streams a -show_entries stream=codec_name"), "");
  EXPECT_TRUE(made->codecs.starts_with("avc1.6400")) << made->codecs;
  EXPECT_EQ(made->width, 426);
  EXPECT_EQ(made->height, 240);
}

TEST_F(FfmpegRendition, TellsProgressThatOnlyGrows) {
  ASSERT_TRUE(picture(make("a.mp4", small_source), 240));

  ASSERT_FALSE(progress_.empty());
  EXPECT_TRUE(std::ranges::is_sorted(progress_));
  EXPECT_NEAR(progress_.back(), 1, 0.1);
}

TEST_F(FfmpegRendition, NeverScalesUp) {
  const auto made = picture(make("a.mp4", small_source), 1080);

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->width, 640);
  EXPECT_EQ(made->height, 360);
}

TEST_F(FfmpegRendition, CopiesPicturesThatFit) {
  const auto source = make("a.mp4", small_source);
  ASSERT_TRUE(fits_copy(info_of(source)));

  const auto made = copied(source);

  ASSERT_TRUE(made) << made.error().message;
  const auto frames = "-select_streams v -show_entries packet=size";
  EXPECT_EQ(ask(made->file, frames), ask(source, frames));
  EXPECT_EQ(made->segments.size(), 3U);
}

TEST_F(FfmpegRendition, RefusesToCopyWhatHasItsKeyFramesTooFarApart) {
  const auto source = make("a.mp4", "-f lavfi -i testsrc2=size=64x64:rate=5:duration=24 -pix_fmt yuv420p -c:v libx264 -g 1000");

  const auto made = copied(source);

  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().kind, ErrorKind::unsupported);
}

TEST_F(FfmpegRendition, TurnsAPortraitClipUpright) {
  const auto plain = make("plain.mp4", "-f lavfi -i testsrc2=size=640x360:duration=1 -c:v libx264 -pix_fmt yuv420p");
  const auto turned = make("turned.mp4", "-i '" + plain.string() + "' -c copy -metadata:s:v rotate=90");

  const auto made = picture(turned, 240);

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(ask(made->file, "-select_streams v -show_entries stream=width,height:stream_side_data=rotation"), "240,426");
}

TEST_F(FfmpegRendition, MakesInterlacedDeepBrightAndUnevenSourcesPlain) {
  const auto plain = [&](const std::string& name, const std::string& options) {
    SCOPED_TRACE(name);
    empty_scratch();
    const auto made = picture(make(name, options), 180);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(ask(made->file, "-select_streams v -show_entries stream=pix_fmt,field_order"), "yuv420p,progressive");
    EXPECT_GT(frames_in(*made, 0), 10);
  };

  plain("a.mp4", "-f lavfi -i testsrc2=rate=50:duration=1 -vf interlace -c:v libx264 -flags +ildct+ilme");
  plain("b.mp4", "-f lavfi -i testsrc2=duration=1 -pix_fmt yuv422p10le -c:v libx264");
  plain("c.mp4",
        "-f lavfi -i testsrc2=duration=1 -pix_fmt yuv420p10le -c:v libx265 -x265-params "
        "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc");
  plain("d.mp4", "-f lavfi -i testsrc2=rate=30:duration=4 -vf \"select='not(mod(floor(n/7),3))'\" -vsync vfr -c:v libx264");
  plain("e.mkv", "-f lavfi -i testsrc2=size=161x121:rate=1000:duration=0.5 -pix_fmt yuv444p -c:v libx264 -preset ultrafast");
  plain("f.wmv", "-f lavfi -i testsrc2=size=320x240:duration=1 -c:v wmv2");
}

TEST_F(FfmpegRendition, CopiesPlainSoundAndCutsItLikeThePicture) {
  const auto made = sound(make("a.mp4", small_source));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(made->codecs, "mp4a.40.2");
  EXPECT_EQ(made->segments.size(), 3U);
  EXPECT_NEAR(length_of(*made).count(), 9, 0.1);
}

TEST_F(FfmpegRendition, MixesSurroundDownToStereo) {
  const auto made = sound(make("a.mkv", "-f lavfi -i anoisesrc=duration=2 -af aformat=channel_layouts=5.1 -c:a ac3"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(ask(made->file, "-show_entries stream=codec_name,profile,channels"), "aac,LC,2");
}

TEST_F(FfmpegRendition, RefusesPicturesOfSoundAndSoundOfPictures) {
  const auto song = make("a.m4a", "-f lavfi -i sine=duration=1 -c:a aac");
  const auto silent = make("a.mp4", "-f lavfi -i testsrc2=duration=1 -c:v libx264");

  EXPECT_EQ(picture(song, 360).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(poster(song).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(sound(silent).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(speech(silent).error().kind, ErrorKind::unsupported);
}

TEST_F(FfmpegRendition, MakesAPosterWithinItsSize) {
  const auto made =
      poster(make("a.mp4", "-f lavfi -i testsrc2=size=1920x1080:duration=2 -c:v libx264 -preset ultrafast -g 25"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(ask(*made, "-show_entries stream=codec_name,width,height"), "mjpeg,1280,720");
}

TEST_F(FfmpegRendition, MakesSpeechAudioForTheTranscriber) {
  const auto made = speech(make("a.mkv", "-f lavfi -i sine=sample_rate=44100:duration=2 -ac 2 -c:a libvorbis"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(ask(*made, "-show_entries stream=codec_name,sample_rate,channels"), "pcm_s16le,16000,1");
  EXPECT_NEAR(std::stod(ask(*made, "-show_entries format=duration")), 2, 0.05);
}

TEST_F(FfmpegRendition, KeepsLateSoundLate) {
  const auto made = speech(make("a.mkv",
                                "-f lavfi -i testsrc2=size=64x64:duration=3 -itsoffset 1 -f lavfi -i sine=duration=2 "
                                "-c:v libx264 -c:a libvorbis"));

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_NEAR(std::stod(ask(*made, "-show_entries format=duration")), 3, 0.1);
}

}  // namespace
}  // namespace kinora
