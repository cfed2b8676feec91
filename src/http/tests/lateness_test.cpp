#include "http/lateness.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"

namespace kinora::http {

namespace {

int sent_away_of_a_thousand(Lateness& lateness) {
  int count = 0;
  for (int request = 0; request < 1000; ++request) count += lateness.sends_away() ? 1 : 0;
  return count;
}

TEST(Lateness, SendsNobodyAwayWhileItIsBearable) {
  Lateness lateness;
  lateness.note(Lateness::bearable);

  EXPECT_EQ(sent_away_of_a_thousand(lateness), 0);
}

TEST(Lateness, SendsMoreAwayTheLongerItLasts) {
  Lateness lateness;
  lateness.note(1s);
  const auto at_first = sent_away_of_a_thousand(lateness);
  lateness.note(1s);

  EXPECT_GT(at_first, 0);
  EXPECT_GT(sent_away_of_a_thousand(lateness), at_first);
}

TEST(Lateness, NeverSendsEverybodyAway) {
  Lateness lateness;
  for (int measured = 0; measured < 100; ++measured) lateness.note(10s);

  EXPECT_LT(sent_away_of_a_thousand(lateness), 1000);
}

TEST(Lateness, SendsNobodyAwayAnyMoreSoonAfterItIsOver) {
  Lateness lateness;
  for (int measured = 0; measured < 100; ++measured) lateness.note(10s);

  for (int measured = 0; measured < 100; ++measured) lateness.note(1ms);

  EXPECT_EQ(sent_away_of_a_thousand(lateness), 0);
}

}  // namespace

}  // namespace kinora::http
