#include "modules/ai/corrections.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "modules/ai/jobs/transcribe.hpp"
#include "tests/modules/heard_library.hpp"

namespace kinora {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::Talk;

/// Every word takes half a second: "one two three four." from 0 to 2 s, "five six." from 2 to 3 s.
ai::Transcript numbers() {
  Talk talk;
  talk.says(0, "one two three four.").says(0, "five six.");
  return talk.transcript();
}

std::vector<std::string> said(const ai::Transcript& transcript) {
  std::vector<std::string> lines;
  for (const auto& segment : transcript.segments)
    for (const auto& word : segment.words)
      lines.push_back(fmt::format("{} {:.2f}-{:.2f}", word.text, word.start.count(), word.end.count()));
  return lines;
}

void expect_in_order(const ai::Transcript& transcript) {
  Seconds before{0};
  for (const auto& segment : transcript.segments) {
    EXPECT_EQ(segment.text, ai::text_of(segment.words));
    EXPECT_EQ(segment.start, segment.words.front().start);
    EXPECT_EQ(segment.end, segment.words.back().end);
    for (const auto& word : segment.words) {
      EXPECT_GE(word.start, before) << word.text;
      EXPECT_GT(word.end, word.start) << word.text;
      before = word.end;
    }
  }
}

TEST(Corrections, LeaveTheTimesOfWordsThatStay) {
  const auto now = corrected(numbers(), {{Seconds(0), Seconds(2), "one too three four."}});

  EXPECT_THAT(said(now), ElementsAre("one 0.00-0.50", "too 0.50-1.00", "three 1.00-1.50", "four. 1.50-2.00", "five 2.00-2.50",
                                     "six. 2.50-3.00"));
  EXPECT_EQ(now.text, "one too three four. five six.");
  EXPECT_EQ(now.segments.front().words[1].confidence, 1);
}

TEST(Corrections, ShareTheTimeOfWhatTheyReplace) {
  const auto now = corrected(numbers(), {{Seconds(0), Seconds(2), "one a four."}});

  EXPECT_THAT(said(now), SizeIs(5));
  EXPECT_EQ(said(now)[1], "a 0.50-1.50");
  expect_in_order(now);
}

TEST(Corrections, FindRoomForWordsThatWereNotHeard) {
  const auto now = corrected(numbers(), {{Seconds(0), Seconds(2), "well, one two and three four, my friend."}});

  EXPECT_EQ(now.segments.front().text, "well, one two and three four, my friend.");
  EXPECT_EQ(now.segments.front().start, Seconds(0));
  EXPECT_EQ(now.segments.front().end, Seconds(2));
  expect_in_order(now);
}

TEST(Corrections, FindRoomInSeveralPlaces) {
  const auto now = corrected(numbers(), {{Seconds(0), Seconds(3), "a one b two c three d four. e five f six. g"}});

  EXPECT_EQ(now.text, "a one b two c three d four. e five f six. g");
  expect_in_order(now);
}

TEST(Corrections, TakeAwayASegmentThatHasNoWords) {
  const auto now = corrected(numbers(), {{Seconds(0), Seconds(2), ""}});

  ASSERT_THAT(now.segments, SizeIs(1));
  EXPECT_EQ(now.text, "five six.");
  EXPECT_THAT(corrected(now, {{Seconds(2), Seconds(3), ""}}).segments, IsEmpty());
}

TEST(Corrections, AreLaidOverARunThatHeardOtherSegments) {
  Talk again;
  again.says(0, "one to three.").says(0, "for five six.");

  const auto now = corrected(again.transcript(), {{Seconds(0), Seconds(2), "one two three four."}});

  EXPECT_EQ(now.text, "one two three four. five six.");
  expect_in_order(now);
}

TEST(Corrections, AreLaidOneOverTheOther) {
  const auto now =
      corrected(numbers(), {{Seconds(0), Seconds(3), "all of them."}, {Seconds(0), Seconds(3), "every one of them."}});

  EXPECT_EQ(now.text, "every one of them.");
  expect_in_order(now);
}

TEST(Corrections, ChangeNothingWhereNothingWasHeard) {
  EXPECT_THAT(ai::corrected({}, {{Seconds(0), Seconds(2), "one"}}).segments, IsEmpty());
}

TEST(TypedText, IsWordsBySingleSpaces) { EXPECT_EQ(ai::one_line("  one\n two\t\tthree "), "one two three"); }

/// Remembers what it was told, or refuses.
class Follower final : public ai::OnCorrected {
 public:
  Task<Result<void>> on_corrected(Transaction, VideoId video, UserId) override {
    if (refuses) co_return fail(ErrorKind::conflict, "still being processed");
    videos.push_back(video);
    co_return {};
  }
  bool refuses = false;
  std::vector<VideoId> videos;
};

/// Hears what it is told to.
class Hears final : public Transcriber {
 public:
  explicit Hears(const std::string& text) {
    Seconds at{0};
    for (const auto word : ai::words_of(text)) {
      heard_.words.push_back({at, at + Seconds(0.5), std::string(word), 0.5});
      at += Seconds(0.5);
    }
  }
  Task<Result<Transcription>> transcribe(std::filesystem::path, std::string, std::filesystem::path, ProgressSink) override {
    co_return heard_;
  }
  std::string model() const override { return "none"; }

 private:
  Transcription heard_{.language = "en", .model = "none", .segment_starts = {0}};
};

Task<Result<void>> keep_sound(Transaction tx, AssetId id, VideoId video, std::string key) {
  constexpr Sql insert{R"sql(
    INSERT INTO video_assets (id, video_id, name, kind, key, content_type, size, sha256, created_at)
    VALUES ($1, $2, 'speech.wav', 'speech_audio', $3, 'audio/wav', 9, '', db_now()))sql"};
  co_await ok(tx.change(insert, id, video, std::move(key)));
  co_return {};
}
Task<Result<void>> write_end(Transaction tx, std::shared_ptr<jobs::Finish> end) { return end->write(tx); }

class CorrectedTranscripts : public testing::HeardLibrary {
 protected:
  CorrectedTranscripts() : HeardLibrary([](const std::string&) { return testing::wrote("{}"); }) {
    ai_.set_on_corrected(follower_);
    Talk talk;
    talk.says(0, "one two three four.").says(0, "five six.");
    video_ = hear(talk);
  }

  Result<ai::Transcript> correct(ai::TranscriptChange change) {
    auto video = testing::run(media_.owned(ana_, video_));
    return testing::run(ai_.correct(ana_, *std::move(video), std::move(change)));
  }
  Result<ai::Transcript> correct(std::size_t segment, std::string text) {
    return correct({.segments = {{transcript_of(video_).segments[segment].id, std::move(text)}}});
  }
  /// The stage, as it runs again.
  void hear_again(const std::string& text) {
    const auto source = upload_whole("any bytes");
    ASSERT_TRUE(
        world_.write(keep_sound, world_.random.id<AssetId>(world_.clock), video_, media::source_key(ana_.user, source)));
    Hears hears(text);
    ai::TranscribeWorker worker(ai::Tools{media_, ai_, hears, model_, events_, world_.clock, world_.random});
    auto attempt = this->attempt();
    attempt->job.subject = {"video", video_.uuid};
    const auto outcome = testing::run(worker.work({attempt, world_.database()}, {}));
    const auto* done = std::get_if<jobs::Done>(&outcome);
    ASSERT_NE(done, nullptr);
    ASSERT_TRUE(world_.write(write_end, done->finish));
  }

  Follower follower_;
  VideoId video_{};
};

TEST_F(CorrectedTranscripts, AreKeptAndWhatStandsOnThemIsMadeAgain) {
  const auto now = correct(1, "five  seven.");

  ASSERT_TRUE(now.has_value()) << now.error().message;
  EXPECT_EQ(now->text, "one two three four. five seven.");
  EXPECT_EQ(now->version, 2);
  EXPECT_TRUE(now->edited_at.has_value());
  EXPECT_EQ(transcript_of(video_).text, now->text);
  EXPECT_THAT(follower_.videos, ElementsAre(video_));
}

TEST_F(CorrectedTranscripts, SurviveALaterRun) {
  ASSERT_TRUE(correct(1, "five seven."));

  hear_again("won two three four. five six.");

  const auto now = transcript_of(video_);
  EXPECT_EQ(now.text, "won two three four. five seven.");
  EXPECT_EQ(now.version, 3) << "its tag must not be that of other words";
  EXPECT_TRUE(now.edited_at.has_value());
}

TEST_F(CorrectedTranscripts, AreOfTheLastOneWhoWrote) {
  ASSERT_TRUE(correct(1, "five seven."));
  ASSERT_TRUE(correct(1, "five eight."));

  hear_again("one two three four. five six.");

  EXPECT_EQ(transcript_of(video_).text, "one two three four. five eight.");
  EXPECT_THAT(world_.read(ai::corrections_of, video_).value(), SizeIs(1));
}

TEST_F(CorrectedTranscripts, AreRefusedToWhoReadAnOlderVersion) {
  const auto segment = transcript_of(video_).segments.front().id;
  ASSERT_TRUE(correct(1, "five seven."));

  const auto late = correct({.segments = {{segment, "none"}}, .if_version = {{1}}});

  ASSERT_FALSE(late.has_value());
  EXPECT_EQ(late.error().kind, ErrorKind::stale);
  EXPECT_EQ(transcript_of(video_).text, "one two three four. five seven.");
}

TEST_F(CorrectedTranscripts, NameSegmentsThatAreThere) {
  const auto stray = correct({.segments = {{transcript_of(video_).segments.front().id, "none"}, {SegmentId{}, "none"}}});

  ASSERT_FALSE(stray.has_value());
  EXPECT_EQ(stray.error().kind, ErrorKind::invalid);
  EXPECT_EQ(transcript_of(video_).text, "one two three four. five six.");
}

TEST_F(CorrectedTranscripts, KeepAtLeastAWord) {
  ASSERT_TRUE(correct(0, ""));

  const auto nothing = correct(0, " ");

  ASSERT_FALSE(nothing.has_value());
  EXPECT_EQ(nothing.error().kind, ErrorKind::invalid);
  EXPECT_EQ(transcript_of(video_).text, "five six.");
}

TEST_F(CorrectedTranscripts, StayAsTheyWereWhileTheVideoIsProcessed) {
  follower_.refuses = true;

  const auto early = correct(1, "five seven.");

  ASSERT_FALSE(early.has_value());
  EXPECT_EQ(early.error().kind, ErrorKind::conflict);
  EXPECT_EQ(transcript_of(video_).text, "one two three four. five six.");
  EXPECT_THAT(world_.read(ai::corrections_of, video_).value(), IsEmpty());
}

}  // namespace
}  // namespace kinora
