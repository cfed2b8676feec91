#include <gmock/gmock.h>

#include "modules/chat/citations.hpp"
#include "modules/chat/extractive.hpp"

namespace kinora::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

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

/// The whole lecture, its sentences with these fits.
search::Moment moment(std::vector<double> fits) {
  search::Moment made{.video = lecture,
                      .title = "Lecture",
                      .start = Seconds(0),
                      .end = Seconds(5.5),
                      .text = "Welcome to the lecture. Copper conducts electricity well. Wood does not."};
  made.sentences = {{0, 4, "Welcome to the lecture.", fits[0]},
                    {4, 4, "Copper conducts electricity well.", fits[1]},
                    {8, 3, "Wood does not.", fits[2]}};
  return made;
}
std::vector<std::string> texts_of(const std::vector<Quote>& quotes) {
  std::vector<std::string> texts;
  for (const auto& quote : quotes) texts.push_back(quote.text);
  return texts;
}

Answer answer_with(std::string text, std::vector<Citation> citations) {
  return {.text = std::move(text), .citations = std::move(citations)};
}
Citation copper(int index) { return *cite(transcript(), {Seconds(2), Seconds(4), 0, 4}, index); }
Citation wood(int index) { return *cite(transcript(), {Seconds(4), Seconds(5.5), 0, 3}, index); }
Citation invented(int index) {
  auto citation = copper(index);
  citation.text = "Copper conducts nothing.";
  return citation;
}

TEST(Citation, HasTheWordsAndTimesOfItsSpan) {
  const auto citation = cite(transcript(), {Seconds(0), Seconds(5.5), 4, 7}, 1);

  ASSERT_TRUE(citation);
  EXPECT_EQ(citation->text, "Copper conducts electricity well. Wood does not.");
  EXPECT_EQ(citation->start, Seconds(2));
  EXPECT_EQ(citation->end, Seconds(5.5));
  EXPECT_TRUE(is_verbatim(transcript(), *citation));
}

TEST(Citation, IsNeverLongerThanAMoment) {
  auto slow = transcript();
  slow.segments[2] = segment(40, {"Later."});

  EXPECT_FALSE(cite(slow, {Seconds(0), Seconds(41), 0, 9}, 1));
}

TEST(Citation, IsNoneOfWordsThatWereNotSaid) {
  EXPECT_FALSE(cite(transcript(), {Seconds(0), Seconds(5.5), 9, 3}, 1));
  EXPECT_FALSE(cite(transcript(), {Seconds(0), Seconds(5.5), 0, 0}, 1));
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

TEST(Quotes, AreTheSentencesThatFitBest) {
  const auto quotes = best_quotes({moment({0.1, 0.6, 0.1})});

  EXPECT_THAT(texts_of(quotes), ElementsAre("Copper conducts electricity well."));
}

TEST(Quotes, JoinNeighbours) {
  const auto quotes = best_quotes({moment({0.1, 0.5, 0.6})});

  EXPECT_THAT(texts_of(quotes), ElementsAre("Copper conducts electricity well. Wood does not."));
}

TEST(Quotes, AreAtMostThreeAndNeverTheSame) {
  std::vector<search::Moment> moments;
  for (int at = 0; at < 4; ++at) {
    moments.push_back(moment({0, 0, 0.5}));
    moments.back().start = Seconds(100 * at);
    if (at > 0) moments.back().sentences[2].text = "Wood number " + std::to_string(at);
  }
  moments.push_back(moments.front());
  moments.back().start = Seconds(900);

  EXPECT_THAT(texts_of(best_quotes(moments)), ElementsAre("Wood does not.", "Wood number 1", "Wood number 2"));
}

TEST(Quotes, AreNoneWhenNothingFits) { EXPECT_TRUE(best_quotes({moment({0, -0.1, 0})}).empty()); }

TEST(QuoteAnswer, CitesEachQuoteWordForWord) {
  const auto answer = quote_answer(best_quotes({moment({0.5, 0.1, 0.6})}), {transcript()}, 0.7);

  EXPECT_EQ(answer.text, "“Wood does not.” [1]\n“Welcome to the lecture.” [2]");
  EXPECT_EQ(answer.confidence, 0.7);
  ASSERT_EQ(answer.citations.size(), 2U);
  EXPECT_EQ(answer.citations[0].title, "Lecture");
  for (const auto& citation : answer.citations) EXPECT_TRUE(is_verbatim(transcript(), citation)) << citation.text;
}

TEST(QuoteAnswer, IsARefusalWhenItsWordsAreNotInTheTranscript) {
  auto elsewhere = best_quotes({moment({0, 0, 0.6})});
  elsewhere[0].video = other;

  const auto answer = quote_answer(elsewhere, {transcript()}, 0.7);

  EXPECT_TRUE(answer.citations.empty());
  EXPECT_EQ(answer.text.find('['), std::string::npos);
}

TEST(AQuotedCitation, HasNoMarkerButItsOwn) {
  auto citation = copper(3);
  citation.text = "Copper [1] conducts [99999999999999999999] and [music] is a[i].";

  EXPECT_EQ(quoted(citation), "“Copper (1) conducts (99999999999999999999) and [music] is a[i].” [3]");
}

ai::Summary summary_of(std::string overview, Engine engine = Engine::extractive) {
  ai::Summary summary;
  summary.overview = std::move(overview);
  summary.model_info.engine = engine;
  return summary;
}

TEST(ARefusal, OffersWhatTheVideoSays) {
  EXPECT_THAT(refusal(summary_of("Copper conducts.")).text, HasSubstr("What it says: “Copper conducts.”"));
  EXPECT_TRUE(refusal(summary_of("Copper conducts.")).citations.empty());
  EXPECT_FALSE(refusal({}).text.empty());
}

TEST(ARefusal, DoesNotQuoteWhatAModelWrote) {
  EXPECT_THAT(refusal(summary_of("“Copper” conducts.", Engine::remote)).text,
              HasSubstr("What it is about: \"Copper\" conducts."));
}

TEST(ARefusal, HasNoMarkers) {
  EXPECT_THAT(refusal(summary_of("Copper [1] conducts.")).text, HasSubstr("Copper (1) conducts."));
}

}  // namespace
}  // namespace kinora::chat
