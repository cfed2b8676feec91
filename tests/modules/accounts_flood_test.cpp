#include <map>
#include <set>
#include <thread>

#include "tests/people.hpp"

namespace kinora {
namespace {

using testing::run;

using Outcomes = std::map<std::optional<ErrorKind>, unsigned>;

Task<void> attempt(accounts::Accounts& people, std::string email, Outcomes& outcomes) {
  const auto signed_in = co_await people.log_in(Caller{}, std::move(email), "wrong", {});
  ++outcomes[testing::kind_of(signed_in)];
}

Task<void> flood(accounts::Accounts& people, std::string email, Outcomes& outcomes) {
  const auto one_strand = (co_await this_fiber).executor;
  TaskGroup attempts(one_strand);
  for (int number = 0; number < 300; ++number) attempts.spawn(attempt(people, email, outcomes), one_strand);
  co_await attempts.join();
}

Task<void> refresh(accounts::Accounts& people, std::string token, std::set<std::string>& pairs) {
  const auto pair = co_await people.refresh(Caller{}, std::move(token));
  pairs.insert(pair ? pair->refresh_token + ' ' + pair->access_token : pair.error().message);
}

Task<void> refresh_at_once(accounts::Accounts& people, std::string token, std::set<std::string>& pairs) {
  const auto one_strand = (co_await this_fiber).executor;
  TaskGroup refreshes(one_strand);
  for (int number = 0; number < 1000; ++number) refreshes.spawn(refresh(people, token, pairs), one_strand);
  co_await refreshes.join();
}

class LogInFlood : public testing::People {};

TEST_F(LogInFlood, HashesNoMoreThanThePoolHoldsAndRefusesTheRestAtOnce) {
  sign_up("ana");
  Outcomes outcomes;

  run(flood(people, "ana@example.test", outcomes));

  const auto hashed = outcomes[ErrorKind::unauthorised];
  EXPECT_GE(hashed, 1);
  EXPECT_LE(hashed, 100U) << "the pool takes its threads and 32 more at a time";
  EXPECT_EQ(outcomes[ErrorKind::unavailable], 300 - hashed);
}

TEST_F(LogInFlood, HashesForAnAddressThatNobodyHasAsForAnyOther) {
  Outcomes outcomes;

  run(flood(people, "nobody@example.test", outcomes));

  EXPECT_GE(outcomes[ErrorKind::unauthorised], 1);
  EXPECT_LE(outcomes[ErrorKind::unauthorised], 100U) << "without a hash all of them would be answered";
}

class RefreshFlood : public testing::People {};

TEST_F(RefreshFlood, YieldsOneNewPairHoweverManyAskForIt) {
  const auto signed_in = sign_up("ana");
  std::set<std::string> pairs;

  run(refresh_at_once(people, signed_in.refresh_token, pairs));

  ASSERT_EQ(pairs.size(), 1U) << *pairs.rbegin();
  EXPECT_TRUE(who(pairs.begin()->substr(pairs.begin()->find(' ') + 1))) << "the session has ended";
}

}  // namespace
}  // namespace kinora
