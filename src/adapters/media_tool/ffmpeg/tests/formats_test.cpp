#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora {
namespace {

constexpr auto picture_source = "-f lavfi -i testsrc2=size=160x120:rate=25:duration=5 ";
constexpr auto sound_source = "-f lavfi -i sine=frequency=440:duration=5 ";

/// How long the films in HD are; `KINORA_SOAK_SECONDS=60` makes them whole minutes.
std::string hd_seconds() {
  const char* given = std::getenv("KINORA_SOAK_SECONDS");
  return given != nullptr ? given : "1";
}

class FfmpegFormats : public testing::MediaFixture {
 protected:
  std::string stream(const std::filesystem::path& file, const std::string& entry) {
    return ask(file, "-show_entries stream=" + entry);
  }
  /// What players rely on: each segment decodes alone, the lengths add up, and the index tells rate and codec as they are.
  void expect_whole(const Rendition& rendition, Seconds length, double frames_per_second) {
    SCOPED_TRACE(rendition.file);
    EXPECT_NEAR(length_of(rendition).count(), length.count(), 1 / frames_per_second + 0.001);
    double peak = 0;
    for (std::size_t at = 0; at < rendition.segments.size(); ++at) {
      const auto& segment = rendition.segments[at];
      EXPECT_NEAR(frames_in(rendition, at), segment.duration.count() * frames_per_second, 0.5);
      const auto bits = 8.0 * static_cast<double>(std::filesystem::file_size(folder_ / "alone.mp4") - rendition.init_size);
      peak = std::max(peak, bits / segment.duration.count());
    }
    EXPECT_NEAR(static_cast<double>(rendition.peak_bits_per_second()), peak, peak / 10);
    char codec[16];
    std::snprintf(codec, sizeof codec, "avc1.6400%02x", std::stoi("0" + stream(rendition.file, "level")));
    EXPECT_EQ(rendition.codecs, codec);
    EXPECT_EQ(stream(rendition.file, "profile,pix_fmt,field_order"), "High,yuv420p,progressive");
  }
  /// Every rung of a source, and its sound.
  std::vector<Rendition> expect_playable(const std::filesystem::path& source) {
    SCOPED_TRACE(source);
    empty_scratch();
    const auto info = info_of(source);
    auto rungs = pictures(source, ladder_heights(info));
    EXPECT_TRUE(rungs) << rungs.error().message;
    if (!rungs) return {};
    for (const auto& rung : *rungs) expect_whole(rung, info.duration, rung.frames_per_second);
    if (!info.audio) return *std::move(rungs);
    const auto heard = sound(source);
    EXPECT_TRUE(heard) << heard.error().message;
    if (heard) {
      EXPECT_EQ(heard->codecs, "mp4a.40.2");
      EXPECT_NEAR(length_of(*heard).count(), 5, 0.15);
      EXPECT_LE(std::stoi(stream(heard->file, "channels")), 2);
    }
    return *std::move(rungs);
  }
  void expect_playable(const std::string& name, const std::string& options) {
    expect_playable(make(name, std::string(picture_source) + sound_source + options));
  }
  /// 1 when both show the same (structural similarity), each turned as its file says.
  double likeness(const std::filesystem::path& one, const std::filesystem::path& other) {
    const auto said = folder_ / "likeness.txt";
    const auto command = "ffmpeg -nostdin -v info -i '" + one.string() + "' -i '" + other.string() +
                         "' -lavfi ssim -f null - 2>&1 | sed -n 's/.*All:\\([0-9.]*\\).*/\\1/p' > '" + said.string() + "'";
    EXPECT_EQ(std::system(command.c_str()), 0) << command;
    double measured = 0;
    std::ifstream(said) >> measured;
    return measured;
  }
  std::vector<Rendition> hd(const std::string& name, const std::string& options) {
    return expect_playable(
        make(name, "-f lavfi -i testsrc2=size=1920x1080:rate=30:duration=" + hd_seconds() + " -preset ultrafast " + options));
  }
};

TEST_F(FfmpegFormats, OfMp4AndMov) {
  expect_playable("a.mp4", "-pix_fmt yuv420p -c:v libx264 -c:a aac");
  expect_playable("a.mov", "-pix_fmt yuv420p -c:v libx265 -x265-params log-level=none -c:a aac");
  expect_playable("b.mp4", "-pix_fmt yuv420p -c:v mpeg4 -bf 2 -c:a aac");
}

TEST_F(FfmpegFormats, OfMatroskaAndWebm) {
  expect_playable("a.mkv", "-pix_fmt yuv420p -c:v libx264 -c:a flac");
  expect_playable("a.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus");
  expect_playable("b.webm", "-pix_fmt yuv420p -c:v libsvtav1 -preset 12 -svtav1-params tune=0 -c:a libvorbis");
}

TEST_F(FfmpegFormats, OfAviWmvAndFlv) {
  expect_playable("a.avi", "-pix_fmt yuv420p -c:v mpeg4 -c:a libmp3lame");
  expect_playable("a.wmv", "-c:v wmv2 -c:a wmav2");
  expect_playable("a.flv", "-c:v flv1 -ar 44100 -c:a libmp3lame");
}

// AVI tells only when a frame is decoded, and not by how many frames it is shown later.
TEST_F(FfmpegFormats, OfAviWithoutTimesOfPictures) {
  const auto made = picture(make("a.avi", std::string(picture_source) + "-pix_fmt yuv420p -c:v libx264 -bf 2"), 120);

  ASSERT_TRUE(made) << made.error().message;
  EXPECT_NEAR(length_of(*made).count(), 5, 0.1);
}

TEST_F(FfmpegFormats, OfPicturesThatMustBeMadePlain) {
  expect_playable("interlaced.mp4", "-vf interlace -pix_fmt yuv420p -c:v libx264 -flags +ildct+ilme -c:a aac");
  expect_playable("deep.mp4", "-pix_fmt yuv420p10le -c:v libx264 -c:a aac");
  expect_playable("bright.mp4",
                  "-pix_fmt yuv420p10le -c:v libx265 -x265-params "
                  "log-level=none:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc -c:a aac");
  expect_playable("uneven.mp4", "-vf \"select='not(mod(floor(n/7),3))'\" -vsync vfr -pix_fmt yuv420p -c:v libx264 -c:a aac");
}

TEST_F(FfmpegFormats, OfSurroundSoundAndOfSilence) {
  expect_playable("a.mkv", "-pix_fmt yuv420p -c:v libx264 -af aformat=channel_layouts=5.1 -c:a ac3");
  expect_playable(make("b.mp4", std::string(picture_source) + "-pix_fmt yuv420p -c:v libx264"));
}

TEST_F(FfmpegFormats, OfSoundAlone) {
  for (const auto* name : {"a.mp3", "a.wav", "a.ogg", "a.m4a"}) {
    const auto made = sound(make(name, sound_source));
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->codecs, "mp4a.40.2");
    EXPECT_NEAR(length_of(*made).count(), 5, 0.15);
  }
}

TEST_F(FfmpegFormats, OfPortraitStandUprightInEveryRung) {
  const auto plain = make("plain.mp4",
                          "-f lavfi -i testsrc2=size=854x480:rate=25:duration=1 -c:v libx264 -preset ultrafast "
                          "-pix_fmt yuv420p");
  const auto rungs = expect_playable(make("turned.mp4", "-i '" + plain.string() + "' -c copy -metadata:s:v rotate=90"));

  ASSERT_EQ(rungs.size(), 2U);
  for (const auto& rung : rungs) {
    EXPECT_GT(rung.height, rung.width);
    EXPECT_EQ(ask(rung.file, "-show_entries stream=width,height:stream_side_data=rotation"),
              std::to_string(rung.width) + "," + std::to_string(rung.height));
  }
}

TEST_F(FfmpegFormats, OfAPhoneShowWhatWasFilmedUpright) {
  const auto filmed = std::filesystem::absolute("tests/media/walk_rotated.mp4");

  const auto rungs = expect_playable(filmed);

  ASSERT_EQ(rungs.size(), 1U);
  EXPECT_EQ(ask(rungs.front().file, "-show_entries stream=width,height:stream_side_data=rotation"), "360,640");
  EXPECT_GT(likeness(rungs.front().file, filmed), 0.9) << "players turn what was filmed by its display matrix";
}

TEST_F(FfmpegFormats, OfHevcInHdGiveFourRungs) {
  EXPECT_EQ(hd("a.mp4", "-pix_fmt yuv420p -c:v libx265 -x265-params log-level=none").size(), 4U);
}

TEST_F(FfmpegFormats, OfTenBitInHdGiveFourRungs) { EXPECT_EQ(hd("a.mkv", "-pix_fmt yuv420p10le -c:v libx264").size(), 4U); }

TEST_F(FfmpegFormats, OfRareKeyFramesInHdGiveFourRungs) {
  EXPECT_EQ(hd("a.mp4", "-pix_fmt yuv420p -c:v libx264 -g 360 -keyint_min 360 -sc_threshold 0").size(), 4U);
}

}  // namespace
}  // namespace kinora
