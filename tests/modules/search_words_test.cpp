#include <gmock/gmock.h>

#include "modules/ai/words.hpp"
#include "modules/search/sentences.hpp"
#include "modules/search/word_fit.hpp"

namespace kinora::search {
namespace {

using ::testing::ElementsAre;

TEST(Stems, AreOneForTheFormsOfAWord) {
  for (const auto& [one, other] : std::initializer_list<std::pair<std::string, std::string>>{
           {"valve", "valves"}, {"try", "tries"}, {"dial", "dialing"}, {"stop", "stopped"}, {"keeper", "keeper's"}})
    EXPECT_EQ(ai::stem_of(one), ai::stem_of(other)) << other;
}

TEST(Stems, LeaveShortWordsAlone) {
  EXPECT_EQ(ai::stem_of("bed"), "bed");
  EXPECT_EQ(ai::stem_of("is"), "is");
}

TEST(AQuestion, IsAboutItsContentWords) {
  EXPECT_EQ(ai::without_function_words("How do I hang up, please?"), "hang please?");
  EXPECT_THAT(ai::content_words("How were the valves opened?"), ElementsAre("open", "valv"));
}

TEST(AQuestion, AsksBeyondTheWordsAQuoteShares) {
  EXPECT_EQ(ai::beyond("How much did the solar panels cost?", "A solar panel feeds it."), "How much did the cost?");
}

TEST(AQuestion, IsWholeWhenEverythingItNamesIsThere) {
  EXPECT_EQ(ai::beyond("Where is the valve?", "The valve is at the bed."), "Where is the valve?");
}

TEST(SentencesOfAPassage, HoldAllOfItsWords) {
  const auto sentences = sentences_of("Press 1. (Or 2!) Visit www.example.org today");

  ASSERT_EQ(sentences.size(), 3U);
  EXPECT_EQ(sentences[1].text, "(Or 2!)");
  EXPECT_EQ(sentences[1].first_word, 2U);
  EXPECT_EQ(sentences[2].text, "Visit www.example.org today");
  EXPECT_EQ(sentences[2].words, 3U);
}

TEST(WordFit, IsOneForTheSameWordsAndNothingForOpposites) {
  const WordVectors east{{"east", {1, 0}}};
  const WordVectors both{{"west", {-1, 0}}, {"east", {1, 0}}};

  EXPECT_DOUBLE_EQ(word_fit(east, both), 1);
  EXPECT_DOUBLE_EQ(word_fit(east, {{"north", {0, 1}}}), 0);
  EXPECT_DOUBLE_EQ(word_fit(east, {}), 0);
  EXPECT_DOUBLE_EQ(word_fit({}, both), 0);
}

TEST(WordFit, CountsFunctionWordsHalf) {
  const WordVectors question{{"the", {0, 1}}, {"east", {1, 0}}};

  EXPECT_NEAR(word_fit(question, {{"east", {1, 0}}}), 2.0 / 3, 1e-6);
}

TEST(Fit, CountsTheWholeAsMuchAsTheWords) {
  const WordVectors east{{"east", {1, 0}}};

  EXPECT_DOUBLE_EQ(fit(east, east), 1);
  EXPECT_DOUBLE_EQ(fit(east, {{"west", {-1, 0}}, {"east", {1, 0}}}), 0.5);
  EXPECT_DOUBLE_EQ(fit(east, {{"north", {0, 1}}}), 0);
  EXPECT_DOUBLE_EQ(fit(east, {}), 0);
  EXPECT_DOUBLE_EQ(fit({}, east), 0);
}

TEST(AQuestion, MayBeEnglishUntilSomethingSpeaksAgainstIt) {
  EXPECT_TRUE(ai::may_be_english("How do I hang up?"));
  EXPECT_TRUE(ai::may_be_english("brass bolt"));
  EXPECT_FALSE(ai::may_be_english("Comment fermer la porte?"));
  EXPECT_FALSE(ai::may_be_english("cà phê"));
}

}  // namespace
}  // namespace kinora::search
