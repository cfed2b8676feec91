#include "http/lateness.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"

namespace kinora::http {

namespace {

constexpr Lateness::Moment now{100s};

int sent_away_of_a_thousand(Lateness& lateness, Lateness::Moment when = now) {
  int count = 0;
  for (int request = 0; request < 1000; ++request) count += lateness.sends_away(when) ? 1 : 0;
  return count;
}

void probe(Lateness& lateness, std::chrono::milliseconds late) {
  lateness.probe_sent(now - late);
  lateness.probe_back(now);
}

TEST(Lateness, SendsNobodyAwayWhileItIsBearable) {
  Lateness lateness;
  probe(lateness, Lateness::bearable);

  EXPECT_EQ(sent_away_of_a_thousand(lateness), 0);
}

TEST(Lateness, SendsNobodyAwayForAMoment) {
  Lateness lateness;
  for (int measured = 0; measured < 100; ++measured) {
    probe(lateness, 50ms);
    probe(lateness, 1ms);
  }

  EXPECT_EQ(sent_away_of_a_thousand(lateness), 0);
}

TEST(Lateness, ForgetsTheLastCrowdOnceItHasGone) {
  Lateness lateness;
  probe(lateness, 50ms);
  lateness.probe_back(now);  // few connections: no probe was sent

  const auto next_crowd = now + 1h;
  lateness.probe_sent(next_crowd);
  EXPECT_EQ(sent_away_of_a_thousand(lateness, next_crowd + 50ms), 0);
}

TEST(Lateness, SendsMoreAwayTheLongerItLasts) {
  Lateness lateness;
  probe(lateness, 1s);
  const auto at_first = sent_away_of_a_thousand(lateness);
  probe(lateness, 1s);

  EXPECT_GT(at_first, 0);
  EXPECT_GT(sent_away_of_a_thousand(lateness), at_first);
}

TEST(Lateness, SeesACrowdBeforeItsProbeIsBack) {
  Lateness lateness;
  lateness.probe_sent(now);
  EXPECT_EQ(sent_away_of_a_thousand(lateness, now + Lateness::bearable), 0);

  int last = 0;
  for (auto late = 120ms; late <= 160ms; late += 20ms) {
    const auto sent_away = sent_away_of_a_thousand(lateness, now + late);
    EXPECT_GT(sent_away, last);
    last = sent_away;
  }
}

TEST(Lateness, NeverSendsEverybodyAway) {
  Lateness lateness;
  for (int measured = 0; measured < 100; ++measured) probe(lateness, 10s);

  EXPECT_LT(sent_away_of_a_thousand(lateness), 1000);
}

TEST(Lateness, SendsNobodyAwayAnyMoreSoonAfterItIsOver) {
  Lateness lateness;
  for (int measured = 0; measured < 100; ++measured) probe(lateness, 10s);

  for (int measured = 0; measured < 200; ++measured) probe(lateness, 1ms);

  EXPECT_EQ(sent_away_of_a_thousand(lateness), 0);
}

}  // namespace

}  // namespace kinora::http
