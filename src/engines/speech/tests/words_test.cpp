#include "engines/speech/words.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engines/speech/recogniser.hpp"

namespace kinora::speech {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// 100 s to 110 s, with one pause from 104 s to 106 s.
Slice slice() {
  constexpr auto second = sample_rate;
  return {{100 * second, 110 * second}, {{100 * second, 104 * second}, {106 * second, 110 * second}}};
}

std::vector<HeardWord> words_of(std::vector<Token> tokens) { return assemble_words(tokens, slice()); }

std::vector<std::string> texts(const std::vector<HeardWord>& words) {
  std::vector<std::string> texts;
  for (const auto& word : words) texts.push_back(word.text);
  return texts;
}

std::vector<HeardWord> said(std::initializer_list<const char*> texts) {
  std::vector<HeardWord> words;
  for (const auto* text : texts) words.push_back({.text = text});
  return words;
}

TEST(Words, JoinPiecesUpToTheNextSpaceAndKeepTheirPunctuation) {
  const auto words =
      words_of({{" Con", 0.9, 0.2}, {"grat", 0.8, 0.4}, {"ulations", 0.7, 0.8}, {"!", 0.1, 3}, {" You", 1, 1.2}});

  EXPECT_THAT(texts(words), ElementsAre("Congratulations!", "You"));
  EXPECT_NEAR(words[0].confidence, 0.8, 1e-9);
  EXPECT_NEAR(words[0].end, 100.8, 1e-9);
}

TEST(Words, SplitChineseByCharactersAndMendCutOnes) {
  const auto words =
      words_of({{"今天", 1, 1}, {"\xe5\x96", 1, 1.2}, {"\x9d", 1, 1.4}, {"茶", 1, 1.6}, {"。", 1, 2}, {"好", 1, 2.2}});

  EXPECT_THAT(texts(words), ElementsAre("今天", "喝", "茶。", "好"));
}

TEST(Words, DropBytesThatAreNoCharacter) {
  EXPECT_THAT(texts(words_of({{" a\xff"
                               "b",
                               1, 1},
                              {" \xe5\x96", 1, 2}})),
              ElementsAre("ab"));
}

TEST(Words, HoldNoBlanks) { EXPECT_THAT(texts(words_of({{" one", 1, 1}, {"  ", 1, 1}, {"\n.", 1, 1}})), ElementsAre("one.")); }

TEST(Words, LeaveNothingOfSignsAlone) { EXPECT_THAT(words_of({{" ♪", 1, 1}, {" ...", 1, 2}, {"♪♪", 1, 3}}), IsEmpty()); }

TEST(Words, BeginWhereTheOneBeforeEndedOrTheVoiceSetIn) {
  const auto words = words_of({{" one", 1, 0.5}, {" two", 1, 1.0}, {" three", 1, 6.4}});

  EXPECT_DOUBLE_EQ(words[0].start, 100);
  EXPECT_DOUBLE_EQ(words[1].start, words[0].end);
  EXPECT_DOUBLE_EQ(words[2].start, 106);
}

TEST(Words, AreNotDrawnOutOverAPauseTheDetectorMissed) {
  const auto words = words_of({{" a", 1, 0.2}, {" b", 1, 3.9}});

  EXPECT_GT(words[1].start, 103);
}

TEST(Words, HeardInAPauseMoveToTheNearerVoice) {
  const auto words = words_of({{" early", 1, 4.4}, {" late", 1, 5.8}});

  EXPECT_LE(words[0].end, 104);
  EXPECT_GE(words[1].end, 106);
  EXPECT_GE(words[1].start, 106);
}

TEST(Words, NeverGoBackNorLeaveTheSlice) {
  const auto words = words_of({{" a", 1, 2}, {" b", 1, 1}, {" c", 1, -1}, {" d", 1, 500}, {" e", 1, 400}, {" f", 1, -3}});

  double before = 100;
  for (const auto& word : words) {
    EXPECT_GE(word.start, before);
    EXPECT_GE(word.end, word.start);
    EXPECT_LE(word.end, 110);
    before = word.end;
  }
}

TEST(Words, BeginSegmentsAfterSentencesAndPauses) {
  const auto words = words_of({{" Stop", 1, 0.5},
                               {".", 1, 0.5},
                               {" Then", 1, 1},
                               {" e", 1, 1.2},
                               {".g", 1, 1.3},
                               {".", 1, 1.3},
                               {" this", 1, 1.8},
                               {" after", 1, 6.5}});

  std::vector<bool> begins;
  for (const auto& word : words) begins.push_back(word.begins_segment);
  EXPECT_THAT(begins, ElementsAre(true, true, false, false, true));
}

TEST(Loops, AreSeenInWordsAndPhrases) {
  EXPECT_TRUE(is_loop(said({"so", "a", "b", "a", "b", "a", "b", "a", "b"})));
  EXPECT_TRUE(is_loop(said({"x", "x", "x", "x", "x", "x", "x", "x"})));
  EXPECT_FALSE(is_loop(said({"no", "no", "no", "no", "never"})));
  EXPECT_FALSE(is_loop(said({"press", "1", "press", "2", "press", "3", "press", "4", "press", "5"})));
  EXPECT_FALSE(is_loop({}));
}

TEST(CrammedWords, AreThoseThatNobodySaysSoFast) {
  const auto in_a_moment = words_of({{" in", 1, 0.02}, {" the", 1, 0.3}, {" next", 1, 0.32}, {" video", 1, 0.34}});

  EXPECT_TRUE(is_crammed(in_a_moment));
  EXPECT_FALSE(is_crammed(std::span(in_a_moment).first(3))) << "too few to tell";
  EXPECT_FALSE(is_crammed(words_of({{" it", 1, 0.1}, {" was", 1, 0.25}, {" the", 1, 0.35}, {" best", 1, 0.45}})));
  EXPECT_FALSE(is_crammed({}));
}

TEST(Loops, AreKeptOnce) {
  EXPECT_THAT(texts(without_loops(said({"so", "a", "b", "a", "b", "a", "b", "a", "b", "end"}))),
              ElementsAre("so", "a", "b", "end"));
}

TEST(Language, IsKnownByItsTagWhateverItsRegion) {
  EXPECT_EQ(known_language("en"), "en");
  EXPECT_EQ(known_language("en-GB"), "en");
  EXPECT_EQ(known_language("ZH-Hant-TW"), "zh");
  for (const auto* tag : {"", "xx", "-", "../en", "Klingon"}) EXPECT_EQ(known_language(tag), "") << tag;
}

}  // namespace
}  // namespace kinora::speech
