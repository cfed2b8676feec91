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

TEST(Fit, IsOneForTheSameWordsAndNothingForOpposites) {
  const WordVectors east{{"east", {1, 0}}};
  const WordVectors both{{"west", {-1, 0}}, {"east", {1, 0}}};

  EXPECT_DOUBLE_EQ(fit(east, both), 1);
  EXPECT_DOUBLE_EQ(fit(east, {{"north", {0, 1}}}), 0);
  EXPECT_DOUBLE_EQ(fit(east, {}), 0);
  EXPECT_DOUBLE_EQ(fit({}, both), 0);
}

TEST(Fit, CountsFunctionWordsHalf) {
  const WordVectors question{{"the", {0, 1}}, {"east", {1, 0}}};

  EXPECT_NEAR(fit(question, {{"east", {1, 0}}}), 2.0 / 3, 1e-6);
}

TEST(Centred, TakesOffWhatAllWordsShare) {
  const std::vector<WordVectors> texts{{{"a", {1, 1}}, {"b", {1, -1}}}};
  const auto mean = mean_of(texts);

  const auto words = centred(texts[0], mean);

  EXPECT_THAT(mean, ElementsAre(1, 0));
  EXPECT_THAT(words[0].vector, ElementsAre(0, 1));
  EXPECT_THAT(words[1].vector, ElementsAre(0, -1));
}

}  // namespace
}  // namespace kinora::search
