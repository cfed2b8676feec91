#include <map>
#include <thread>

#include "tests/people.hpp"

namespace kinora {
namespace {

using testing::run;

using Outcomes = std::map<std::optional<ErrorKind>, unsigned>;

Task<void> attempt(accounts::Accounts& people, Outcomes& outcomes) {
  const auto signed_in = co_await people.log_in(Caller{}, "ana@example.test", "wrong", {});
  ++outcomes[testing::kind_of(signed_in)];
}

Task<void> flood(accounts::Accounts& people, Outcomes& outcomes) {
  const auto one_strand = (co_await this_fiber).executor;
  TaskGroup attempts(one_strand);
  for (int number = 0; number < 300; ++number) attempts.spawn(attempt(people, outcomes), one_strand);
  co_await attempts.join();
}

class LogInFlood : public testing::People {};

TEST_F(LogInFlood, HashesNoMoreThanThePoolHoldsAndRefusesTheRestAtOnce) {
  sign_up("ana");
  Outcomes outcomes;

  run(flood(people, outcomes));

  const auto hashed = outcomes[ErrorKind::unauthorised];
  EXPECT_GE(hashed, 1);
  EXPECT_LE(hashed, 100U) << "the pool takes its threads and 32 more at a time";
  EXPECT_EQ(outcomes[ErrorKind::unavailable], 300 - hashed);
}

}  // namespace
}  // namespace kinora
