#include "engines/speech/slices.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kinora::speech {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr std::int64_t second = sample_rate;

std::int64_t steps(std::size_t count) { return static_cast<std::int64_t>(count) * detector_step; }

/// Probabilities, each lasting a number of detector steps.
std::vector<float> curve(std::initializer_list<std::pair<float, std::size_t>> parts) {
  std::vector<float> probabilities;
  for (const auto& [probability, count] : parts) probabilities.insert(probabilities.end(), count, probability);
  return probabilities;
}

TEST(FindSpeech, FindsNoneInSilence) {
  EXPECT_THAT(find_speech(curve({{0.01F, 1000}})), IsEmpty());
  EXPECT_THAT(find_speech({}), IsEmpty());
}

TEST(FindSpeech, BeginsAboveTheUpperAndEndsBelowTheLowerThreshold) {
  EXPECT_THAT(find_speech(curve({{0.4F, 10}, {0.9F, 20}, {0.4F, 10}, {0.1F, 20}})), ElementsAre(Span{steps(10), steps(40)}));
}

TEST(FindSpeech, BridgesTheGapsInsideAWord) {
  EXPECT_THAT(find_speech(curve({{0.9F, 20}, {0.1F, 2}, {0.9F, 20}})), ElementsAre(Span{0, steps(42)}));
}

TEST(FindSpeech, PassesOverClicks) { EXPECT_THAT(find_speech(curve({{0.1F, 20}, {0.9F, 2}, {0.1F, 20}})), IsEmpty()); }

TEST(FindSpeech, CutsARunThatNeverPausesWhereTheVoiceIsLeastCertain) {
  const auto speech = find_speech(curve({{0.9F, 700}, {0.6F, 1}, {0.9F, 600}}));

  EXPECT_THAT(speech, ElementsAre(Span{0, steps(700)}, Span{steps(700), steps(1301)}));
}

TEST(FindSpeech, LosesNothingOfALongRun) {
  const auto speech = find_speech(curve({{0.9F, 10'000}}));

  EXPECT_EQ(speech.front().start, 0);
  EXPECT_EQ(speech.back().end, steps(10'000));
  for (std::size_t i = 0; i < speech.size(); ++i) {
    EXPECT_LE(speech[i].size(), slice_max);
    if (i > 0) EXPECT_EQ(speech[i].start, speech[i - 1].end);
  }
}

TEST(PlanSlices, JoinsOverShortGapsAndParting) {
  const std::vector<Span> speech{{second, 2 * second}, {2 * second + second / 2, 3 * second}, {5 * second, 6 * second}};

  const auto slices = plan_slices(speech, 100 * second);

  ASSERT_EQ(slices.size(), 2U);
  EXPECT_EQ(slices[0].audio, (Span{second - second / 10, 3 * second + second / 10}));
  EXPECT_THAT(slices[0].speech, ElementsAre(speech[0], speech[1]));
  EXPECT_THAT(slices[1].speech, ElementsAre(speech[2]));
}

TEST(PlanSlices, CutsALongRunAtItsWidestPause) {
  std::vector<Span> speech;
  for (std::int64_t i = 0; i < 20; ++i) speech.push_back({i * 2 * second, i * 2 * second + second * 18 / 10});
  speech[8].end -= second / 2;

  const auto slices = plan_slices(speech, 100 * second);

  EXPECT_EQ(slices.front().speech.back(), speech[8]);
  for (const auto& slice : slices) EXPECT_LE(slice.speech.back().end - slice.speech.front().start, slice_max);
}

TEST(PlanSlices, GivesEveryStretchOnceAndNoAudioTwice) {
  std::vector<Span> speech;
  for (std::int64_t i = 0; i < 300; ++i) speech.push_back({i * second, i * second + second * (85 + i % 13) / 100});

  const auto slices = plan_slices(speech, 301 * second);

  std::vector<Span> heard;
  for (std::size_t i = 0; i < slices.size(); ++i) {
    heard.insert(heard.end(), slices[i].speech.begin(), slices[i].speech.end());
    if (i > 0) EXPECT_GE(slices[i].audio.start, slices[i - 1].audio.end - second / 5);
    if (i > 0) EXPECT_GE(slices[i].audio.start, slices[i - 1].speech.back().end);
  }
  EXPECT_EQ(heard, speech);
}

TEST(PlanSlices, KeepsInsideTheRecording) {
  const auto slices = plan_slices(std::vector<Span>{{0, second}}, second);

  EXPECT_EQ(slices.front().audio, (Span{0, second}));
}

TEST(EncoderSteps, FollowTheLengthBetweenAFloorAndTheWholeWindow) {
  EXPECT_EQ(encoder_steps(second), 512);
  EXPECT_EQ(encoder_steps(11 * second), 704);
  EXPECT_EQ(encoder_steps(20 * second), 1152);
  EXPECT_EQ(encoder_steps(28 * second), 0);
}

}  // namespace
}  // namespace kinora::speech
