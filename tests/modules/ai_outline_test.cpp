#include <gmock/gmock.h>

#include "modules/ai/outline.hpp"
#include "modules/ai/sentences.hpp"
#include "modules/ai/store.hpp"
#include "tests/modules/talk.hpp"
#include "tests/world.hpp"

namespace kinora::ai {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

using testing::garden;
using testing::Talk;

std::vector<double> starts_of(const std::vector<Chapter>& chapters) {
  std::vector<double> starts;
  for (const auto& chapter : chapters) starts.push_back(chapter.start.count());
  return starts;
}

TEST(Chapters, BeginAfterALongRest) {
  const auto chapters = chapters_of(garden().segments());

  ASSERT_EQ(chapters.size(), 3U);
  EXPECT_EQ(chapters[0].start, Seconds(0));
  EXPECT_EQ(chapters[1].start, garden().segments()[2].start);
  EXPECT_EQ(chapters[1].end, chapters[2].start);
  EXPECT_EQ(chapters[2].end, garden().segments()[5].end);
}

TEST(Chapters, AreNoneWhenNothingWasSaid) { EXPECT_TRUE(chapters_of({}).empty()); }

TEST(Chapters, MeasureARestByTheSpeakersOwn) {
  Talk slow;
  for (int at = 0; at < 6; ++at) slow.says(1.5, "Somebody speaks very slowly.");

  EXPECT_EQ(chapters_of(slow.segments()).size(), 1U);
}

TEST(Chapters, AreCutAtTheLongestRestWhenTheyGoOnForMinutes) {
  Talk lecture;
  for (int at = 0; at < 140; ++at) lecture.says(at == 70 ? 0.9 : 0.3, "He never stops to talk about it.");

  EXPECT_THAT(starts_of(chapters_of(lecture.segments())), ElementsAre(0, lecture.segments()[70].start.count()));
}

TEST(Chapters, OfAnEvenTalkAreNeverCrumbs) {
  Talk lecture;
  for (int at = 0; at < 400; ++at) lecture.says(0.3, "He never stops to talk about it.");

  for (const auto& chapter : chapters_of(lecture.segments())) {
    EXPECT_GE(chapter.end - chapter.start, Seconds(60));
    EXPECT_LE(chapter.end - chapter.start, Seconds(305));
  }
}

TEST(Chapters, AreCalledByWhatTellsThemApart) {
  const auto chapters = chapters_of(garden().segments());

  EXPECT_EQ(chapters[1].title, "Solenoid valve waters");
  EXPECT_EQ(chapters[2].title, "Solar panel feeds");
  EXPECT_THAT(chapters[2].summary, HasSubstr("battery"));
}

TEST(ASummary, QuotesInTheOrderOfTheTalk) {
  const auto talk = garden();

  const auto summary = summary_of(talk.transcript(), chapters_of(talk.segments()));

  EXPECT_GE(summary.key_points.size(), 4U);
  EXPECT_LE(summary.key_points.size(), 6U);
  std::size_t from = 0;
  for (const auto& point : summary.key_points) {
    const auto at = summary.text.find(point, from);
    ASSERT_NE(at, std::string::npos) << point;
    from = at + point.size();
  }
  EXPECT_EQ(summary.timestamps.size(), 3U);
  EXPECT_EQ(summary.model_info.engine, Engine::extractive);
}

TEST(ASummary, SaysNothingTwice) {
  Talk talk = garden();
  talk.says(0.4, "Every bed has a moisture probe.");

  const auto summary = summary_of(talk.transcript(), {});

  EXPECT_EQ(std::ranges::count(summary.key_points, "Every bed has a moisture probe."), 1);
}

TEST(ASummary, TellsHowMuchItLeavesOut) {
  Talk talk;
  for (const auto* subject : {"Rivers", "Mountains", "Forests", "Deserts", "Islands", "Valleys", "Glaciers", "Volcanoes"})
    talk.says(0.4, std::string(subject) + " cover large " + subject + " areas, unlike " + subject + " elsewhere.");

  const auto whole = summary_of(garden().transcript(), {});
  const auto part = summary_of(talk.transcript(), {});

  EXPECT_LE(whole.quality, 1);
  EXPECT_GT(whole.quality, part.quality);
  EXPECT_GT(part.quality, 0);
}

TEST(Subtitles, InSubRipAreNumberedAndWithoutTags) {
  const auto srt = srt_of(Talk().says(1, "Less < more.").says(2, "Then nothing.").segments());

  EXPECT_THAT(srt, HasSubstr("1\n00:00:01,000 --> 00:00:02,500\nLess &lt; more.\n\n2\n00:00:04,500 --> "));
  EXPECT_THAT(srt, Not(HasSubstr("WEBVTT")));
}

class KeptOutline : public ::testing::Test {
 protected:
  std::vector<Chapter> chapters() { return world.read(chapters_of_video, video).value(); }
  void put(std::string title, WrittenBy by) {
    const std::vector<Chapter> made{{Seconds(0), Seconds(5), std::move(title), "", world.random.id<ChapterId>(world.clock)}};
    ASSERT_TRUE(world.write(put_chapters, video, made, by));
  }

  testing::World world{{migrations()}};
  VideoId video{world.random.id<VideoId>(world.clock)};
};

TEST_F(KeptOutline, IsReplacedByTheNextRun) {
  put("First", WrittenBy::machine);
  put("Second", WrittenBy::machine);

  ASSERT_EQ(chapters().size(), 1U);
  EXPECT_EQ(chapters()[0].title, "Second");
}

TEST_F(KeptOutline, KeepsAPersonsChapters) {
  put("By hand", WrittenBy::person);
  put("By machine", WrittenBy::machine);

  EXPECT_EQ(chapters()[0].title, "By hand");
}

TEST_F(KeptOutline, GoesWithItsVideo) {
  put("Gone", WrittenBy::person);
  auto summary = summary_of(garden().transcript(), {});
  summary.id = world.random.id<SummaryId>(world.clock);
  summary.video = video;
  ASSERT_TRUE(world.write(put_summary, summary));
  ASSERT_EQ(world.read(find_summary, video, std::string()).value()->overview, summary.overview);

  ASSERT_TRUE(world.write(forget_video, video));

  EXPECT_TRUE(chapters().empty());
  EXPECT_FALSE(world.read(find_summary, video, std::string()).value());
}

}  // namespace
}  // namespace kinora::ai
