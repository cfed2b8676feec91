#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/media_tool/ffmpeg/fragments.hpp"
#include "adapters/media_tool/ffmpeg/tests/media_fixture.hpp"

namespace kinora {
namespace {

using ffmpeg::read_fragments;

constexpr auto film =
    "-f lavfi -i testsrc2=size=320x240:rate=30000/1001:duration=14.014 -pix_fmt yuv420p -c:v mpeg4 -bf 2 -q:v 4";

class FfmpegLadder : public testing::MediaFixture {
 protected:
  std::vector<Rendition> made_of(const std::filesystem::path& source, std::vector<int> heights) {
    auto made = pictures(source, std::move(heights));
    EXPECT_TRUE(made) << made.error().message;
    return made ? *std::move(made) : std::vector<Rendition>();
  }
  /// Leaves in the scratch folder what a run leaves that was killed when it had written so much of the rung.
  void leave_torn(const std::string& rung, std::string written) {
    std::filesystem::remove(scratch_ / (rung + ".mp4"));
    write("scratch/" + rung + ".added.mp4", written);
  }
  /// Its bytes as far as the whole segments of a rung go, and half of the next.
  static std::string torn_behind(const Rendition& rendition, std::size_t segments) {
    const auto& next = rendition.segments[segments];
    return bytes_of_file(rendition.file).substr(0, next.offset + next.size / 2);
  }
  static std::vector<int> frames_of(const std::vector<Rendition>& rungs) {
    std::vector<int> frames;
    for (const auto& rung : rungs)
      frames.push_back(std::stoi("0" + ask(rung.file, "-count_frames -show_entries stream=nb_read_frames")));
    return frames;
  }
};

TEST_F(FfmpegLadder, CutsAllRungsAtTheSameFrames) {
  const auto rungs = made_of(make("a.mkv", film), {120, 180, 240});

  ASSERT_EQ(rungs.size(), 3U);
  for (const auto& rung : rungs) {
    SCOPED_TRACE(rung.height);
    ASSERT_EQ(rung.segments.size(), 4U);
    EXPECT_EQ(frames_in(rung, 0), 120);
    EXPECT_EQ(frames_in(rung, 2), 120);
    EXPECT_EQ(frames_in(rung, 3), 60);
    EXPECT_NEAR(rung.segments[1].duration.count(), 4.004, 1e-6);
    EXPECT_NEAR(length_of(rung).count(), 14.014, 0.001);
    EXPECT_EQ(ask(rung.file, "-show_entries stream=width,height"),
              std::to_string(rung.width) + "," + std::to_string(rung.height));
  }
}

TEST_F(FfmpegLadder, GoesOnBehindTheSegmentsOfAKilledRun) {
  const auto source = make("a.mkv", film);
  const auto undisturbed = frames_of(made_of(source, {120, 240}));
  const auto other = made_of(make("other.mkv", std::string(film) + " -vf negate"), {120, 240});
  const auto low = torn_behind(other[0], 2);
  const auto high = torn_behind(other[1], 2);
  const auto kept = other[1].segments[2].offset;
  leave_torn("video-120", low);
  leave_torn("video-240", high);
  progress_.clear();

  const auto rungs = made_of(source, {120, 240});

  // What was finished is told from what is made now by its other picture.
  EXPECT_EQ(bytes_of_file(rungs[1].file).substr(0, kept), high.substr(0, kept));
  EXPECT_NE(bytes_of_file(rungs[1].file).substr(kept, 1000), high.substr(kept, 1000));
  EXPECT_EQ(frames_of(rungs), undisturbed);
  EXPECT_EQ(frames_in(rungs[0], 2), 120);
  EXPECT_GT(progress_.front(), 0.5);
}

TEST_F(FfmpegLadder, HasTheTimesOfAnUndisturbedRunWhereItWentOn) {
  const auto source = make("a.mkv", film);
  const auto undisturbed = made_of(source, {240});
  const auto times = ask(undisturbed[0].file, "-show_entries packet=pts,dts,flags");
  leave_torn("video-240", torn_behind(undisturbed[0], 1));

  const auto rungs = made_of(source, {240});

  EXPECT_EQ(ask(rungs[0].file, "-show_entries packet=pts,dts,flags"), times);
  const auto read = read_fragments(rungs[0].file);
  for (std::size_t at = 1; at < read.fragments.size(); ++at) EXPECT_EQ(read.fragments[at].start, read.fragments[at - 1].end());
}

TEST_F(FfmpegLadder, KeepsOnlySegmentsThatEveryRungHas) {
  const auto source = make("a.mkv", film);
  const auto made = made_of(source, {120, 240});
  const auto low = torn_behind(made[0], 3);
  const auto high = torn_behind(made[1], 1);
  leave_torn("video-120", low);
  leave_torn("video-240", high);
  progress_.clear();

  const auto rungs = made_of(source, {120, 240});

  EXPECT_EQ(frames_of(rungs)[0], frames_of(rungs)[1]);
  EXPECT_EQ(rungs[0].segments.size(), 4U);
  EXPECT_LT(progress_.front(), 0.9);
}

TEST_F(FfmpegLadder, TrustsNoLastSegmentThatIsShort) {
  const auto source = make("a.mkv", film);
  const auto undisturbed = frames_of(made_of(source, {240}));

  const auto again = made_of(source, {240});

  EXPECT_EQ(frames_of(again), undisturbed);
  EXPECT_EQ(again[0].segments.size(), 4U);
}

TEST_F(FfmpegLadder, EndsWellWhenOnlyTheEndWasMissing) {
  const auto source = make("a.mkv", "-f lavfi -i testsrc2=size=64x64:rate=25:duration=8 -c:v mpeg4");
  made_of(source, {64});

  const auto again = made_of(source, {64});

  EXPECT_EQ(again[0].segments.size(), 2U);
  EXPECT_EQ(frames_of(again), std::vector{200});
}

TEST_F(FfmpegLadder, GoesOnAfterItWasStopped) {
  const auto source = make("a.mp4", "-f lavfi -i testsrc2=size=854x480:rate=25:duration=24 -c:v libx264 -preset ultrafast");
  const auto stopped = pictures_until(0.4, source, {240, 480});
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::cancelled);

  progress_.clear();
  const auto rungs = made_of(source, {240, 480});

  EXPECT_EQ(frames_of(rungs), (std::vector{600, 600}));
  EXPECT_GT(progress_.front(), 4.0 / 24);
  EXPECT_TRUE(std::ranges::is_sorted(progress_));
}

TEST_F(FfmpegLadder, MakesWhatItHadBegunOtherwiseFromTheStart) {
  const auto source = make("a.mkv", film);
  const auto made = made_of(source, {180, 240});
  std::filesystem::rename(made[0].file, scratch_ / "video-240.mp4");  // another size under this name
  write("scratch/video-240.added.mp4", torn_behind(made[1], 2));

  EXPECT_FALSE(pictures(source, {240}));
  const auto rungs = made_of(source, {240});

  EXPECT_EQ(rungs[0].segments.size(), 4U);
  EXPECT_EQ(ask(rungs[0].file, "-show_entries stream=height"), "240");
}

}  // namespace
}  // namespace kinora
