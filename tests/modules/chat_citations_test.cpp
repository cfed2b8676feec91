#include <gtest/gtest.h>

#include "modules/chat/citations.hpp"
#include "modules/chat/extractive.hpp"

namespace kinora::chat {
namespace {

const VideoId lecture{{{1}}};
const VideoId other{{{2}}};

/// Half a second for each word.
ai::Segment segment(double start, std::vector<std::string> words) {
  ai::Segment made{.start = Seconds(start), .end = Seconds(start), .text = {}};
  for (auto& word : words) {
    made.text += (made.text.empty() ? "" : " ") + word;
    made.words.push_back({made.end, made.end + Seconds(0.5), std::move(word), 1});
    made.end += Seconds(0.5);
  }
  return made;
}

ai::Transcript transcript() {
  ai::Transcript made;
  made.video = lecture;
  made.segments = {segment(0, {"Welcome", "to", "the", "lecture."}), segment(2, {"Copper", "conducts", "electricity", "well."}),
                   segment(4, {"Wood", "does", "not."})};
  return made;
}

search::Moment moment(double start, double end, std::string text, double semantic) {
  return {.video = lecture,
          .title = "Lecture",
          .start = Seconds(start),
          .end = Seconds(end),
          .text = std::move(text),
          .score = 0.5,
          .semantic = semantic};
}

Answer answer_with(std::string text, std::vector<Citation> citations) {
  return {.text = std::move(text), .citations = std::move(citations)};
}
Citation copper(int index) { return *cite(transcript(), {1, 1}, index); }
Citation wood(int index) { return *cite(transcript(), {2, 1}, index); }
Citation invented(int index) {
  auto citation = copper(index);
  citation.text = "Copper conducts nothing.";
  return citation;
}

TEST(Citation, HasTheWordsAndTimesOfItsSpan) {
  const auto citation = cite(transcript(), {1, 2}, 1);

  ASSERT_TRUE(citation);
  EXPECT_EQ(citation->text, "Copper conducts electricity well. Wood does not.");
  EXPECT_EQ(citation->start, Seconds(2));
  EXPECT_EQ(citation->end, Seconds(5.5));
  EXPECT_TRUE(is_verbatim(transcript(), *citation));
}

TEST(Citation, IsNeverLongerThanAMoment) {
  auto slow = transcript();
  slow.segments[2] = segment(40, {"Later."});

  EXPECT_FALSE(cite(slow, {0, 3}, 1));
}

TEST(Citation, IsNotVerbatimWithAWordChangedMovedOrLeftOut) {
  auto left_out = copper(1);
  left_out.text = "Copper conducts well.";
  auto moved = copper(1);
  moved.start = Seconds(2.5);
  auto empty = copper(1);
  empty.text.clear();

  EXPECT_FALSE(is_verbatim(transcript(), invented(1)));
  EXPECT_FALSE(is_verbatim(transcript(), left_out));
  EXPECT_FALSE(is_verbatim(transcript(), moved));
  EXPECT_FALSE(is_verbatim(transcript(), empty));
}

TEST(CheckedAnswer, KeepsWhatIsVerbatim) {
  const auto answer = checked(answer_with("It conducts [1]; wood does not [2].", {copper(1), wood(2)}), {transcript()});

  EXPECT_EQ(answer.text, "It conducts [1]; wood does not [2].");
  EXPECT_EQ(answer.citations.size(), 2U);
}

TEST(CheckedAnswer, DropsWhatWasInventedAndCountsAnew) {
  const auto answer = checked(answer_with("a [1] b [2] c [3] d [2]", {copper(1), invented(2), wood(3)}), {transcript()});

  EXPECT_EQ(answer.text, "a [1] b  c [2] d ");
  ASSERT_EQ(answer.citations.size(), 2U);
  EXPECT_EQ(answer.citations[1].index, 2);
  EXPECT_EQ(answer.citations[1].text, "Wood does not.");
}

TEST(CheckedAnswer, DropsCitationsOfVideosThatWereNotRead) {
  auto foreign = copper(1);
  foreign.video_id = other;

  const auto answer = checked(answer_with("a [1]", {foreign}), {transcript()});

  EXPECT_TRUE(answer.citations.empty());
  EXPECT_EQ(answer.text, "a ");
}

TEST(CheckedAnswer, DropsMarkersThatStandForNothing) {
  const auto answer = checked(answer_with("a [1] b [7] c [0]", {copper(1)}), {transcript()});

  EXPECT_EQ(answer.text, "a [1] b  c ");
}

TEST(CheckedAnswer, KeepsEachMarkerWithItsCitationInAnyOrder) {
  const auto answer = checked(answer_with("wood [2], copper [1]", {wood(2), copper(1)}), {transcript()});

  EXPECT_EQ(answer.text, "wood [1], copper [2]");
  EXPECT_EQ(answer.citations[0].text, "Wood does not.");
}

TEST(CheckedAnswer, LeavesOtherBracketsAlone) {
  const auto answer = checked(answer_with("[music] a[i] [12x] [1]", {copper(1)}), {transcript()});

  EXPECT_EQ(answer.text, "[music] a[i] [12x] [1]");
}

TEST(Quotes, AnswerWithTheSentenceThatSaysIt) {
  const std::vector moments{moment(0, 5.5, "Welcome to the lecture. Copper conducts electricity well. Wood does not.", 0.86)};

  const auto answer = quote_answer("What conducts electricity?", moments, {transcript()});

  ASSERT_EQ(answer.citations.size(), 1U);
  EXPECT_EQ(answer.citations[0].text, "Copper conducts electricity well.");
  EXPECT_EQ(answer.citations[0].title, "Lecture");
  EXPECT_NE(answer.text.find("[1]"), std::string::npos);
}

TEST(Quotes, RefuseWhatIsNotThere) {
  const std::vector moments{moment(0, 2, "Welcome to the lecture.", 0.80),
                            moment(2, 4, "Copper conducts electricity well.", 0.81)};

  const auto answer = quote_answer("Who won the world cup?", moments, {transcript()});

  EXPECT_TRUE(answer.citations.empty());
  EXPECT_EQ(answer.text.find('['), std::string::npos);
}

TEST(Quotes, RefuseWhenNothingWasFound) { EXPECT_TRUE(quote_answer("What?", {}, {}).citations.empty()); }

TEST(Quotes, AreVerbatim) {
  const std::vector moments{moment(2, 5.5, "Copper conducts electricity well. Wood does not.", 0.9)};

  const auto answer = quote_answer("Does wood conduct electricity?", moments, {transcript()});

  for (const auto& citation : answer.citations) EXPECT_TRUE(is_verbatim(transcript(), citation)) << citation.text;
  EXPECT_FALSE(answer.citations.empty());
}

}  // namespace
}  // namespace kinora::chat
