#include "adapters/rate_limiter/open.hpp"
#include "tests/people.hpp"

namespace kinora {
namespace {

using accounts::SessionType;
using testing::code_of;
using testing::kind_of;
using testing::run;

class Sessions : public testing::People {
 protected:
  std::vector<accounts::Session> listed(const accounts::SignIn& by) { return run(people.sessions(caller(by))).value(); }
  accounts::SignIn ana = sign_up("ana");
};

TEST_F(Sessions, AreListedNewestFirstWithWhereTheyAre) {
  world.clock.pass(1s);
  const auto newer = log_in_by_cookie("ana");

  const auto sessions = listed(ana);

  ASSERT_EQ(sessions.size(), 2);
  EXPECT_EQ(sessions[0].id, caller(newer).session);
  EXPECT_EQ(sessions[0].type, SessionType::cookie);
  EXPECT_EQ(sessions[0].address, "192.0.2.2");
  EXPECT_EQ(sessions[0].user_agent, "another browser");
  EXPECT_EQ(sessions[0].expires_at, world.clock.now() + 7 * 24h);
  EXPECT_EQ(sessions[1].type, SessionType::token);
}

TEST_F(Sessions, EndOneByOne) {
  const auto other = log_in("ana").value();

  ASSERT_TRUE(run(people.end_session(caller(ana), *caller(other).session)));

  EXPECT_FALSE(is_known(other));
  EXPECT_FALSE(run(people.refresh(Caller{}, other.refresh_token)));
  EXPECT_TRUE(is_known(ana));
}

TEST_F(Sessions, OfOthersAreAsUnknownAsThoseThatNeverWere) {
  const auto ben = sign_up("ben");

  EXPECT_EQ(kind_of(run(people.end_session(caller(ben), *caller(ana).session))), ErrorKind::not_found);
  EXPECT_EQ(kind_of(run(people.end_session(caller(ben), SessionId{}))), ErrorKind::not_found);
  EXPECT_TRUE(is_known(ana));
}

TEST_F(Sessions, EndTogetherButOnlyOnesOwn) {
  const auto other = log_in("ana").value();
  const auto cookie = log_in_by_cookie("ana");
  const auto ben = sign_up("ben");

  ASSERT_TRUE(run(people.log_out_everywhere(caller(ana))));

  EXPECT_FALSE(is_known(ana) || is_known(other) || is_known(cookie));
  EXPECT_FALSE(who_by_cookie(cookie.cookie->value)->is_person());
  EXPECT_TRUE(is_known(ben));
}

TEST_F(Sessions, TellWhenTheyWereLastSeen) {
  world.clock.pass(30min);
  const auto seen_at = world.clock.now();
  ASSERT_TRUE(is_known(ana));

  tidy_up();

  EXPECT_EQ(listed(ana)[0].last_seen_at, seen_at);
}

TEST_F(Sessions, EndWithThePasswordExceptTheOneThatChangedIt) {
  const auto other = log_in("ana").value();
  const auto cookie = log_in_by_cookie("ana");

  ASSERT_TRUE(run(people.change_password(caller(ana), password, "a new one of mine")));

  EXPECT_TRUE(is_known(ana));
  EXPECT_FALSE(is_known(other) || is_known(cookie));
  EXPECT_FALSE(who_by_cookie(cookie.cookie->value)->is_person());
  EXPECT_EQ(code_of(log_in("ana")), "invalid_credentials");
  EXPECT_TRUE(log_in("ana", "a new one of mine"));
}

TEST_F(Sessions, DoNotChangeThePasswordWithoutTheOldOne) {
  EXPECT_EQ(code_of(run(people.change_password(caller(ana), "wrong", "a new one of mine"))), "invalid_credentials");
  EXPECT_TRUE(log_in("ana"));
}

class CookieSessions : public Sessions {
 protected:
  bool is_open(const accounts::SignIn& sign_in) { return who_by_cookie(sign_in.cookie->value)->is_person(); }
};

TEST_F(CookieSessions, AreKnownByTheirCookieOnly) {
  const auto cookie = log_in_by_cookie("ana");

  const auto caller = who_by_cookie(cookie.cookie->value).value();

  EXPECT_EQ(caller.user, ana.user.id);
  EXPECT_TRUE(caller.session);
  EXPECT_FALSE(who_by_cookie("")->is_person());
  EXPECT_FALSE(who_by_cookie(cookie.cookie->value + "x")->is_person());
  EXPECT_FALSE(who_by_cookie(cookie.access_token)->is_person());
  EXPECT_FALSE(who_by_cookie(cookie.cookie->csrf_token)->is_person());
  EXPECT_FALSE(who(cookie.cookie->value));
}

TEST_F(CookieSessions, AreNewAtEachSignIn) {
  const auto first = log_in_by_cookie("ana");
  const auto second = log_in_by_cookie("ana");

  EXPECT_NE(first.cookie->value, second.cookie->value);
  EXPECT_NE(first.cookie->csrf_token, second.cookie->csrf_token);
  EXPECT_NE(who_by_cookie(first.cookie->value)->session, who_by_cookie(second.cookie->value)->session);
}

TEST_F(CookieSessions, AreGoneAfterSigningOut) {
  const auto cookie = log_in_by_cookie("ana");

  ASSERT_TRUE(run(people.log_out(who_by_cookie(cookie.cookie->value).value())));

  EXPECT_FALSE(is_open(cookie));
  EXPECT_FALSE(is_known(cookie));
}

TEST_F(CookieSessions, EndAWeekAfterTheirLastUse) {
  const auto cookie = log_in_by_cookie("ana");
  world.clock.pass(7 * 24h - 1s);
  EXPECT_TRUE(is_open(cookie));
  tidy_up();

  world.clock.pass(7 * 24h - 1s);
  EXPECT_TRUE(is_open(cookie)) << "its use made it longer";

  world.clock.pass(1s);
  EXPECT_FALSE(is_open(cookie)) << "nothing was written down since";
}

TEST_F(CookieSessions, EndAfterThirtyDaysHoweverOftenTheyAreUsed) {
  const auto cookie = log_in_by_cookie("ana");
  for (int day = 0; day < 29; ++day) {
    world.clock.pass(24h);
    ASSERT_TRUE(is_open(cookie));
    tidy_up();
  }

  world.clock.pass(24h);

  EXPECT_FALSE(is_open(cookie));
}

TEST_F(CookieSessions, OfAnotherServerAreNotKnown) {
  auto others = settings();
  others.session_secret = "another secret";
  accounts::Accounts stranger(others, world.database(), world.clock, world.random);

  EXPECT_FALSE(run(stranger.recognise(Caller{}, log_in_by_cookie("ana").cookie->value))->is_person());
}

Task<Result<std::vector<std::string>>> kept_hashes(Transaction tx) {
  static constexpr Sql all{R"sql(SELECT COALESCE(token_hash, '') FROM sessions)sql"};
  return tx.all<std::string>(all);
}

TEST_F(CookieSessions, LeaveNothingInTheDatabaseThatSignsAnyoneIn) {
  log_in_by_cookie("ana");

  for (const auto& hash : world.read(kept_hashes).value()) EXPECT_FALSE(who_by_cookie(hash)->is_person());
}

TEST_F(CookieSessions, AreSweptWhenTheyHaveEnded) {
  log_in_by_cookie("ana");
  world.clock.pass(7 * 24h);

  tidy_up();

  EXPECT_EQ(world.read(kept_hashes)->size(), 1) << "Ana's first session, by tokens, goes on for 30 days";
}

TEST_F(Sessions, AreStillOpenUntilTheyEnd) {
  const auto is_still_in = [this](const Caller& who) { return run(people.is_still_in(who)).value(); };
  const auto by_session = caller(ana);
  const auto made = make_key(by_session, {Scope::read}).value();
  const auto by_key = who(made.secret).value();
  EXPECT_TRUE(is_still_in(by_session) && is_still_in(by_key) && is_still_in(Caller{}));

  ASSERT_TRUE(run(people.remove_api_key(by_session, made.key.id)));
  ASSERT_TRUE(run(people.log_out(by_session)));

  EXPECT_FALSE(is_still_in(by_session));
  EXPECT_FALSE(is_still_in(by_key));
}

class Tickets : public Sessions {
 protected:
  Result<Caller> redeem(std::string ticket) { return run(people.redeem(Caller{}, std::move(ticket))); }
  std::string ticket(Caller of) { return run(people.make_ticket(std::move(of)))->text; }
};

TEST_F(Tickets, StandForTheirOwnerOnceAndOnlyToRead) {
  const auto text = ticket(caller(ana));

  const auto first = redeem(text).value();

  EXPECT_EQ(first.user, ana.user.id);
  EXPECT_EQ(first.session, caller(ana).session);
  EXPECT_EQ(first.scopes, Scopes::only(Scope::read));
  EXPECT_EQ(kind_of(redeem(text)), ErrorKind::unauthorised);
}

TEST_F(Tickets, EndAfterHalfAMinute) {
  const auto in_time = ticket(caller(ana));
  world.clock.pass(30s - 1us);
  EXPECT_TRUE(redeem(in_time));

  const auto late = ticket(caller(ana));
  world.clock.pass(30s);
  EXPECT_EQ(kind_of(redeem(late)), ErrorKind::unauthorised);
}

TEST_F(Tickets, EndWithTheSessionOrTheKeyTheyCameFrom) {
  const auto by_session = ticket(caller(ana));
  const auto made = make_key(caller(ana), {Scope::read}).value();
  const auto by_key = ticket(who(made.secret).value());
  const auto other = log_in("ana").value();

  ASSERT_TRUE(run(people.log_out(caller(ana))));
  ASSERT_TRUE(run(people.remove_api_key(caller(other), made.key.id)));

  EXPECT_EQ(kind_of(redeem(by_session)), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(redeem(by_key)), ErrorKind::unauthorised);
}

TEST_F(Tickets, CannotBeGuessed) {
  ticket(caller(ana));

  EXPECT_EQ(kind_of(redeem("guess")), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(redeem("")), ErrorKind::unauthorised);
}

class CountedLogIns : public Sessions {
 protected:
  void SetUp() override { people.limit_log_ins(*limiter, {5, 15min}); }
  std::unique_ptr<RateLimiter> limiter = open_memory_rate_limiter(world.clock);
};

TEST_F(CountedLogIns, AreRefusedAfterFiveWhateverThePassword) {
  for (int attempt = 0; attempt < 5; ++attempt) EXPECT_EQ(code_of(log_in("ana", "wrong")), "invalid_credentials");

  const auto refused = log_in("ana");

  ASSERT_EQ(kind_of(refused), ErrorKind::rate_limited);
  EXPECT_EQ(refused.error().retry_after, 180s);
}

TEST_F(CountedLogIns, TellNothingOfWhichAddressesExist) {
  std::vector<std::string> known, unknown;
  for (int attempt = 0; attempt < 7; ++attempt) {
    known.push_back(log_in("ana", "wrong").error().message);
    unknown.push_back(log_in("nobody", "wrong").error().message);
  }

  EXPECT_EQ(known, unknown);
}

TEST_F(CountedLogIns, AreCountedByTheAddressInAnySpelling) {
  for (const auto* spelling : {"ana", "Ana", "ANA", "aNa", "anA"}) EXPECT_TRUE(log_in(spelling));

  EXPECT_EQ(kind_of(log_in("ana")), ErrorKind::rate_limited);
  EXPECT_EQ(code_of(log_in("ben")), "invalid_credentials") << "others are counted by themselves";
}

}  // namespace
}  // namespace kinora
