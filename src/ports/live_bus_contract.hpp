#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "base/deadline.hpp"
#include "base/tests/run.hpp"
#include "ports/live_bus.hpp"

namespace kinora {

/// What every live bus must do. `World` has `LiveBus& bus()`.
template <class World>
class LiveBusContract : public ::testing::Test {
 protected:
  using Seen = std::vector<std::pair<std::string, std::string>>;  // key, value

  void say(std::string_view topic, std::string key, std::string value) {
    bus().publish(topic, {std::move(key), std::make_shared<const std::string>(std::move(value))});
  }
  std::unique_ptr<LiveFeed> watch(std::string topic) { return bus().subscribe(std::move(topic)); }
  /// Waits for up to 10 s.
  static LiveNews next(LiveFeed& feed) {
    auto news = testing::run(within(std::chrono::seconds(10), feed.next()));
    EXPECT_TRUE(news) << news.error().message;
    return news.value_or(LiveNews{});
  }
  static Seen seen(const LiveNews& news) {
    Seen all;
    for (const auto& update : news.updates) all.emplace_back(update.key, update.value ? *update.value : "nothing");
    return all;
  }
  LiveBus& bus() { return world_.bus(); }

 private:
  World world_;
};

TYPED_TEST_SUITE_P(LiveBusContract);

TYPED_TEST_P(LiveBusContract, TellsEverybodyWhoWatchesTheTopic) {
  const auto ana = this->watch("jobs");
  const auto ben = this->watch("jobs");

  this->say("jobs", "a", "10 %");

  EXPECT_THAT(this->seen(this->next(*ana)), ::testing::ElementsAre(::testing::Pair("a", "10 %")));
  EXPECT_THAT(this->seen(this->next(*ben)), ::testing::ElementsAre(::testing::Pair("a", "10 %")));
}

TYPED_TEST_P(LiveBusContract, KeepsOnlyTheLatestValueOfAKey) {
  const auto feed = this->watch("jobs");

  for (int percent = 0; percent <= 100; ++percent) this->say("jobs", "a", std::to_string(percent));

  EXPECT_THAT(this->seen(this->next(*feed)), ::testing::ElementsAre(::testing::Pair("a", "100")));
}

TYPED_TEST_P(LiveBusContract, TellsFirstWhatHasWaitedLongest) {
  const auto feed = this->watch("jobs");

  this->say("jobs", "b", "1");
  this->say("jobs", "a", "1");
  this->say("jobs", "b", "2");

  EXPECT_THAT(this->seen(this->next(*feed)), ::testing::ElementsAre(::testing::Pair("b", "2"), ::testing::Pair("a", "1")));
}

TYPED_TEST_P(LiveBusContract, TellsAValueOnce) {
  const auto feed = this->watch("jobs");
  this->say("jobs", "a", "1");
  this->next(*feed);

  this->say("jobs", "b", "1");

  EXPECT_THAT(this->seen(this->next(*feed)), ::testing::ElementsAre(::testing::Pair("b", "1")));
}

TYPED_TEST_P(LiveBusContract, TellsNothingOfOtherTopics) {
  const auto feed = this->watch("ana");

  this->say("ben", "a", "1");
  this->say("ana", "b", "1");

  EXPECT_THAT(this->seen(this->next(*feed)), ::testing::ElementsAre(::testing::Pair("b", "1")));
}

TYPED_TEST_P(LiveBusContract, TellsThatAKeyChangedWithoutAValue) {
  const auto feed = this->watch("jobs");

  this->bus().publish("jobs", {"a"});

  EXPECT_THAT(this->seen(this->next(*feed)), ::testing::ElementsAre(::testing::Pair("a", "nothing")));
}

TYPED_TEST_P(LiveBusContract, WakesWhoWaits) {
  const auto feed = this->watch("jobs");
  const auto begun = std::chrono::steady_clock::now();
  std::jthread publisher([this] { this->say("jobs", "a", "1"); });

  EXPECT_THAT(this->seen(this->next(*feed)), ::testing::ElementsAre(::testing::Pair("a", "1")));
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(8)) << "found only when the wait was given up";
}

TYPED_TEST_P(LiveBusContract, GoesOnWaitingAfterAWaitThatWasStopped) {
  const auto feed = this->watch("jobs");
  const auto nothing = testing::run(within(std::chrono::milliseconds(1), feed->next()));
  ASSERT_FALSE(nothing);
  EXPECT_EQ(nothing.error().kind, ErrorKind::timeout);

  this->say("jobs", "a", "1");

  EXPECT_THAT(this->seen(this->next(*feed)), ::testing::ElementsAre(::testing::Pair("a", "1")));
}

TYPED_TEST_P(LiveBusContract, SaysThatItKeptNotEverythingOfAWatcherWhoDoesNotLook) {
  const auto feed = this->watch("jobs");
  for (int key = 0; key < 256; ++key) this->say("jobs", std::to_string(key), "1");
  EXPECT_FALSE(this->next(*feed).missed);

  for (int key = 0; key < 10'000; ++key) this->say("jobs", std::to_string(key), "1");
  const auto news = this->next(*feed);

  EXPECT_EQ(news.updates.size(), 256);
  EXPECT_TRUE(news.missed);
}

TYPED_TEST_P(LiveBusContract, GivesTheLastValueToWatchersThatComeAndGoBesideManyPublishers) {
  constexpr int rounds = 2'000;
  const auto steady = this->watch("jobs");
  {
    std::vector<std::jthread> threads;
    for (const std::string key : {"a", "b", "c"})
      threads.emplace_back([this, key] {
        for (int round = 1; round <= rounds; ++round) this->say("jobs", key, std::to_string(round));
      });
    threads.emplace_back([this] {
      for (int round = 0; round < rounds; ++round) this->watch("jobs");
    });
  }

  const auto last = std::to_string(rounds);
  EXPECT_THAT(
      this->seen(this->next(*steady)),
      ::testing::UnorderedElementsAre(::testing::Pair("a", last), ::testing::Pair("b", last), ::testing::Pair("c", last)));
}

REGISTER_TYPED_TEST_SUITE_P(LiveBusContract, TellsEverybodyWhoWatchesTheTopic, KeepsOnlyTheLatestValueOfAKey,
                            TellsFirstWhatHasWaitedLongest, TellsAValueOnce, TellsNothingOfOtherTopics,
                            TellsThatAKeyChangedWithoutAValue, WakesWhoWaits, GoesOnWaitingAfterAWaitThatWasStopped,
                            SaysThatItKeptNotEverythingOfAWatcherWhoDoesNotLook,
                            GivesTheLastValueToWatchersThatComeAndGoBesideManyPublishers);

}  // namespace kinora
