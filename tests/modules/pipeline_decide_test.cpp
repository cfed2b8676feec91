#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "modules/pipeline/graph.hpp"

namespace kinora::pipeline {
namespace {

using enum StageState;
using media::Status;
using Names = std::vector<std::string_view>;

States untouched() {
  States states;
  for (const auto& stage : stages()) states.emplace(stage.name, waiting);
  return states;
}
States with(std::initializer_list<std::pair<std::string_view, StageState>> changes) {
  auto states = untouched();
  for (const auto& [name, state] : changes) states.at(name) = state;
  states.at("storyboard") = states.at("poster");  // they need the same and stand side by side
  return states;
}
Names names_of(const std::vector<const Stage*>& list) {
  Names names;
  for (const auto* stage : list) names.push_back(stage->name);
  std::ranges::sort(names);
  return names;
}

constexpr Known film{.has_video = true, .has_audio = true};
constexpr Known talk{.has_video = true, .has_audio = true, .has_speech = true};

TEST(Pipeline, BeginsWithProbeAloneAndIsPendingUntilThen) {
  const auto decision = decide(untouched(), {});

  EXPECT_EQ(names_of(decision.start), Names{"probe"});
  EXPECT_TRUE(decision.skip.empty());
  EXPECT_EQ(decision.status, Status::pending);
  EXPECT_EQ(decision.progress, 0);
  EXPECT_FALSE(decision.over);
}

TEST(Pipeline, MakesPictureAndSoundSideBySideAfterProbe) {
  const auto decision = decide(with({{"probe", done}}), film);

  EXPECT_EQ(names_of(decision.start), (Names{"audio", "first_rung", "poster", "storyboard"}));
  EXPECT_EQ(decision.status, Status::transcoding);
}

TEST(Pipeline, ClimbsTheLadderOnceTheFirstRungIsThere) {
  const auto decision = decide(with({{"probe", done}, {"poster", done}, {"first_rung", done}, {"audio", queued}}), film);

  EXPECT_EQ(names_of(decision.start), Names{"rest_of_ladder"});
  EXPECT_EQ(decision.status, Status::transcoding);
}

TEST(Pipeline, StartsNothingTwice) {
  const auto decision = decide(with({{"probe", queued}}), {});

  EXPECT_TRUE(decision.start.empty());
  EXPECT_TRUE(decision.skip.empty());
}

TEST(Pipeline, SkipsAllOfSpeechForASilentFilm) {
  const auto decision = decide(with({{"probe", done}}), {.has_video = true, .has_audio = false});

  EXPECT_EQ(names_of(decision.start), (Names{"first_rung", "poster", "storyboard"}));
  EXPECT_EQ(names_of(decision.skip),
            (Names{"audio", "captions", "chapters", "chunk", "embed", "index", "summary", "transcribe"}));
}

TEST(Pipeline, SkipsThePosterOfASoundRecording) {
  const auto decision = decide(with({{"probe", done}}), {.has_video = false, .has_audio = true});

  EXPECT_EQ(names_of(decision.start), (Names{"audio", "first_rung"}));
  EXPECT_EQ(names_of(decision.skip), (Names{"poster", "storyboard"}));
}

TEST(Pipeline, CutsPassagesAndChaptersOnceSpeechWasHeard) {
  const auto decision = decide(with({{"probe", done},
                                     {"poster", done},
                                     {"storyboard", done},
                                     {"first_rung", done},
                                     {"rest_of_ladder", done},
                                     {"audio", done},
                                     {"transcribe", done}}),
                               talk);

  EXPECT_EQ(names_of(decision.start), (Names{"captions", "chapters", "chunk"}));
  EXPECT_EQ(decision.status, Status::transcribing);
}

TEST(Pipeline, IsIndexingWhenItIsSummarised) {
  const auto decision = decide(with({{"probe", done},
                                     {"poster", done},
                                     {"storyboard", done},
                                     {"first_rung", done},
                                     {"rest_of_ladder", done},
                                     {"audio", done},
                                     {"transcribe", done},
                                     {"captions", done},
                                     {"chapters", failed},
                                     {"summary", skipped}}),
                               talk);

  EXPECT_EQ(names_of(decision.start), Names{"chunk"});
  EXPECT_EQ(decision.status, Status::indexing);
}

TEST(Pipeline, IsReadyWhenNothingWasSaid) {
  const auto decision = decide(with({{"probe", done},
                                     {"poster", done},
                                     {"storyboard", done},
                                     {"first_rung", done},
                                     {"rest_of_ladder", done},
                                     {"audio", done},
                                     {"transcribe", done}}),
                               {.has_video = true, .has_audio = true, .has_speech = false});

  EXPECT_EQ(names_of(decision.skip), (Names{"captions", "chapters", "chunk", "embed", "index", "summary"}));
  EXPECT_TRUE(decision.over);
  EXPECT_EQ(decision.status, Status::ready);
  EXPECT_EQ(decision.progress, 1);
}

TEST(Pipeline, IndexesByWordsAloneWhenEmbeddingFailed) {
  const auto decision = decide(with({{"probe", done},
                                     {"poster", done},
                                     {"storyboard", done},
                                     {"first_rung", done},
                                     {"rest_of_ladder", done},
                                     {"audio", done},
                                     {"transcribe", done},
                                     {"captions", done},
                                     {"chapters", done},
                                     {"summary", done},
                                     {"chunk", done},
                                     {"embed", failed}}),
                               talk);

  EXPECT_EQ(names_of(decision.start), Names{"index"});
  EXPECT_EQ(decision.failed, nullptr);
}

TEST(Pipeline, DoesNotIndexBeforeVectorsAreThere) {
  const auto decision = decide(with({{"probe", done},
                                     {"poster", done},
                                     {"storyboard", done},
                                     {"first_rung", done},
                                     {"rest_of_ladder", done},
                                     {"audio", done},
                                     {"transcribe", done},
                                     {"captions", done},
                                     {"chapters", done},
                                     {"summary", done},
                                     {"chunk", done},
                                     {"embed", queued}}),
                               talk);

  EXPECT_TRUE(decision.start.empty());
}

TEST(Pipeline, StaysWatchableWhenSpeechCannotBeHeard) {
  const auto decision = decide(with({{"probe", done},
                                     {"poster", done},
                                     {"storyboard", done},
                                     {"first_rung", done},
                                     {"rest_of_ladder", done},
                                     {"audio", done},
                                     {"transcribe", failed}}),
                               film);

  EXPECT_EQ(names_of(decision.skip), (Names{"captions", "chapters", "chunk", "embed", "index", "summary"}));
  EXPECT_EQ(decision.status, Status::ready);
}

TEST(Pipeline, FailsAVideoThatCannotBeProbed) {
  const auto decision = decide(with({{"probe", failed}}), {});

  ASSERT_NE(decision.failed, nullptr);
  EXPECT_EQ(decision.failed->name, "probe");
  EXPECT_EQ(decision.status, Status::failed);
  EXPECT_EQ(decision.skip.size(), stages().size() - 1);
  EXPECT_TRUE(decision.over);
}

TEST(Pipeline, FailsAtOnceWithoutARungButWaitsForWhatRuns) {
  const auto decision = decide(with({{"probe", done}, {"poster", done}, {"first_rung", failed}, {"audio", queued}}), film);

  EXPECT_EQ(decision.status, Status::failed);
  EXPECT_TRUE(decision.start.empty());
  EXPECT_FALSE(decision.over);
}

TEST(Pipeline, GoesOnWithoutACancelledPoster) {
  const auto decision = decide(
      with({{"probe", done}, {"poster", cancelled}, {"first_rung", done}, {"rest_of_ladder", done}, {"audio", done}}), film);

  EXPECT_EQ(names_of(decision.start), Names{"transcribe"});
}

/// One life of a video: at each step some running stage ends, in an order and with outcomes drawn from a seed.
class Life {
 public:
  Life(unsigned seed, Known facts) : dice_(seed), facts_(facts) {}

  void live() {
    for (std::size_t step = 0; step <= stages().size() && !over_; ++step) {
      settle();
      end_one();
    }
  }
  bool over() const { return over_; }

 private:
  Known known() const {
    Known known;
    if (states_.at("probe") == done) {
      known.has_video = facts_.has_video;
      known.has_audio = facts_.has_audio;
    }
    if (states_.at("transcribe") == done) known.has_speech = facts_.has_speech;
    return known;
  }
  void settle() {
    const auto decision = decide(states_, known());
    for (const auto* stage : decision.start) {
      EXPECT_EQ(states_.at(stage->name), waiting) << stage->name;
      for (const auto need : stage->needs) EXPECT_TRUE(need.empty() || states_.at(need) == done) << stage->name;
      states_.at(stage->name) = queued;
    }
    for (const auto* stage : decision.skip) states_.at(stage->name) = skipped;
    EXPECT_GE(decision.progress, progress_);
    EXPECT_GE(decision.status, status_) << "never backwards";
    progress_ = decision.progress;
    status_ = decision.status;
    over_ = decision.over;
  }
  void end_one() {
    Names running;
    for (const auto& [name, state] : states_)
      if (state == queued) running.push_back(name);
    if (running.empty()) return;
    const auto name = running[dice_() % running.size()];
    states_.at(name) = dice_() % 8 == 0 ? failed : done;
  }

  std::mt19937 dice_;
  Known facts_;
  States states_ = untouched();
  double progress_ = 0;
  Status status_ = Status::pending;
  bool over_ = false;
};

TEST(Pipeline, ComesToAnEndInEveryOrderOfEvents) {
  for (unsigned seed = 0; seed < 3000; ++seed) {
    SCOPED_TRACE(seed);
    Life life(seed, {.has_video = seed % 2 == 0, .has_audio = seed % 3 != 0, .has_speech = seed % 5 != 0});

    life.live();

    ASSERT_TRUE(life.over());
  }
}

}  // namespace
}  // namespace kinora::pipeline
