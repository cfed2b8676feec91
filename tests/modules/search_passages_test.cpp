#include <gtest/gtest.h>

#include "modules/search/chunks.hpp"

namespace kinora::search {
namespace {

/// A segment of `count` words, `each` long, one behind the other.
ai::Segment segment(double start, int count, double each = 0.5) {
  ai::Segment made{.start = Seconds(start), .end = Seconds(start + count * each), .text = {}};
  for (int at = 0; at < count; ++at)
    made.words.push_back({Seconds(start + at * each), Seconds(start + (at + 1) * each), "w" + std::to_string(at), 1});
  return made;
}

std::size_t words_in(const Passage& passage) { return static_cast<std::size_t>(std::ranges::count(passage.text, ' ')) + 1; }

TEST(Passages, AreNoneWhenNothingWasSaid) { EXPECT_TRUE(passages_of({}).empty()); }

TEST(Passages, JoinNeighbouringSentences) {
  const auto passages = passages_of({segment(0, 6), segment(3, 6)});

  ASSERT_EQ(passages.size(), 1U);
  EXPECT_EQ(passages[0].start, Seconds(0));
  EXPECT_EQ(passages[0].end, Seconds(6));
  EXPECT_EQ(words_in(passages[0]), 12U);
}

TEST(Passages, BeginAnewAfterATellingPause) {
  const auto passages = passages_of({segment(0, 6), segment(5.6, 6)});

  ASSERT_EQ(passages.size(), 2U);
  EXPECT_EQ(passages[0].end, Seconds(3));
  EXPECT_EQ(passages[1].start, Seconds(5.6));
}

TEST(Passages, KeepSentencesWholeWhereTheyFit) {
  const auto passages = passages_of({segment(0, 40, 0.3), segment(12, 40, 0.3)});

  ASSERT_EQ(passages.size(), 2U);
  EXPECT_EQ(words_in(passages[0]), 40U);
  EXPECT_EQ(words_in(passages[1]), 40U);
}

TEST(Passages, CutOneLongSentenceAtItsWordsAndLoseNone) {
  const auto passages = passages_of({segment(0, 200, 0.2)});

  std::size_t words = 0;
  for (const auto& passage : passages) {
    EXPECT_LE(passage.end - passage.start, Seconds(20));
    EXPECT_LE(words_in(passage), 45U);
    words += words_in(passage);
  }
  EXPECT_EQ(words, 200U);
}

TEST(Passages, OfSlowSpeechAreShortEnoughToCite) {
  for (const auto& passage : passages_of({segment(0, 30, 2)})) EXPECT_LE(passage.end - passage.start, Seconds(20));
}

TEST(Passages, FollowEachOtherInTime) {
  const auto passages = passages_of({segment(0, 70, 0.4), segment(28, 10), segment(40, 90, 0.3)});

  for (std::size_t at = 1; at < passages.size(); ++at) EXPECT_GE(passages[at].start, passages[at - 1].end);
}

}  // namespace
}  // namespace kinora::search
