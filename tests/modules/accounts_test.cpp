#include "modules/accounts/accounts.hpp"

#include "tests/world.hpp"

namespace kinora {
namespace {

using accounts::Accounts;
using accounts::NewUser;
using accounts::SignIn;
using testing::code_of;
using testing::kind_of;
using testing::run;
using testing::World;
using namespace std::chrono_literals;

class SignedInUser : public ::testing::Test {
 protected:
  static accounts::Settings settings() { return {.jwt_secret = "access secret", .refresh_secret = "refresh secret"}; }
  static NewUser ana() { return {"Ana@Example.test", "correct horse", "Ana"}; }

  SignIn sign_up(NewUser user = ana()) { return run(people.sign_up(Caller{}, std::move(user), {})).value(); }
  Result<SignIn> log_in(std::string email, std::string password) {
    return run(people.log_in(Caller{}, std::move(email), std::move(password), {}));
  }
  Result<SignIn> refresh(std::string token) { return run(people.refresh(Caller{}, std::move(token))); }
  Result<Caller> who(std::string token) { return run(people.authenticate(Caller{}, std::move(token))); }

  World world{{accounts::migrations()}};
  Accounts people{settings(), world.database(), world.clock, world.random};
};

TEST_F(SignedInUser, IsKnownByTheAccessToken) {
  const auto signed_in = sign_up();

  const auto caller = who(signed_in.access_token);

  ASSERT_TRUE(caller);
  EXPECT_EQ(caller->user, signed_in.user.id);
  EXPECT_TRUE(caller->is_person());
  EXPECT_FALSE(caller->is_admin());
  EXPECT_EQ(run(people.me(*caller))->email, "ana@example.test");
}

TEST_F(SignedInUser, HasOneAccountPerAddressInAnySpelling) {
  sign_up();

  const auto again = run(people.sign_up(Caller{}, {"ANA@example.TEST", "another one", "Ana"}, {}));

  EXPECT_EQ(code_of(again), "email_taken");
}

TEST_F(SignedInUser, IsLetInByAnInvitationForHerAddressOnly) {
  const auto setup = run(people.open_setup()).value();
  ASSERT_TRUE(run(people.set_up(Caller{}, {"admin@example.test", "correct horse", "Admin", *setup}, {})));
  const auto admin = run(people.first_admin()).value();
  const auto invitation = run(people.invite(*admin, "ANA@example.test", Role::user));
  ASSERT_TRUE(invitation);

  auto eve = NewUser{"eve@example.test", "correct horse", "Eve", invitation->token};
  EXPECT_EQ(kind_of(run(people.sign_up(Caller{}, eve, {}))), ErrorKind::invalid);

  auto invited = ana();
  invited.invite = invitation->token;
  EXPECT_TRUE(run(people.sign_up(Caller{}, invited, {})));
  world.clock.pass(std::chrono::days(7));
  EXPECT_EQ(kind_of(run(people.sign_up(Caller{}, eve, {}))), ErrorKind::expired);
}

TEST_F(SignedInUser, InvitesNobodyWithoutBeingAdmin) {
  const auto caller = who(sign_up().access_token).value();

  EXPECT_EQ(kind_of(run(people.invite(caller, std::nullopt, Role::admin))), ErrorKind::forbidden);
}

TEST_F(SignedInUser, GetsOneAnswerForAWrongPasswordAndAnUnknownAddress) {
  sign_up();

  const auto wrong = log_in("ana@example.test", "wrong");
  const auto unknown = log_in("ben@example.test", "correct horse");

  EXPECT_EQ(code_of(wrong), "invalid_credentials");
  EXPECT_EQ(code_of(unknown), code_of(wrong));
  EXPECT_EQ(unknown.error().message, wrong.error().message);
}

TEST_F(SignedInUser, IsNotKnownByARefreshToken) {
  const auto signed_in = sign_up();

  EXPECT_EQ(kind_of(who(signed_in.refresh_token)), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(refresh(signed_in.access_token)), ErrorKind::unauthorised);
}

TEST_F(SignedInUser, GetsANewPairForARefreshToken) {
  const auto first = sign_up();
  world.clock.pass(1h);
  EXPECT_EQ(code_of(who(first.access_token)), "token_expired");

  const auto second = refresh(first.refresh_token);

  ASSERT_TRUE(second);
  EXPECT_NE(second->refresh_token, first.refresh_token);
  EXPECT_TRUE(who(second->access_token));
}

TEST_F(SignedInUser, GetsTheSamePairAgainWhenItsAnswerWasLost) {
  const auto first = sign_up();
  const auto answered = refresh(first.refresh_token).value();
  world.clock.pass(10s);

  const auto repeated = refresh(first.refresh_token);

  ASSERT_TRUE(repeated);
  EXPECT_EQ(repeated->refresh_token, answered.refresh_token);
  EXPECT_EQ(repeated->access_token, answered.access_token);
}

TEST_F(SignedInUser, EndsTheWholeFamilyWhenASpentTokenComesBackLater) {
  const auto first = sign_up();
  const auto second = refresh(first.refresh_token).value();
  world.clock.pass(11s);

  const auto stolen = refresh(first.refresh_token);

  EXPECT_EQ(kind_of(stolen), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(refresh(second.refresh_token)), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(who(second.access_token)), ErrorKind::unauthorised);
}

TEST_F(SignedInUser, KeepsOtherSessionsWhenOneFamilyEnds) {
  const auto first = sign_up();
  const auto other = log_in("ana@example.test", "correct horse").value();
  refresh(first.refresh_token).value();
  world.clock.pass(11s);

  EXPECT_FALSE(refresh(first.refresh_token));

  EXPECT_TRUE(who(other.access_token));
}

TEST_F(SignedInUser, CannotRefreshAfterSevenDays) {
  const auto signed_in = sign_up();
  world.clock.pass(7 * 24h);

  EXPECT_EQ(kind_of(refresh(signed_in.refresh_token)), ErrorKind::unauthorised);
}

TEST_F(SignedInUser, SignsInAnewAfterThirtyDaysHoweverOftenItRefreshed) {
  auto latest = sign_up();
  for (int week = 0; week < 4; ++week) {
    world.clock.pass(7 * 24h - 1s);
    latest = refresh(latest.refresh_token).value();
  }
  world.clock.pass(3 * 24h);

  EXPECT_EQ(kind_of(refresh(latest.refresh_token)), ErrorKind::unauthorised);
}

TEST_F(SignedInUser, IsGoneAfterSigningOut) {
  const auto signed_in = sign_up();
  const auto caller = who(signed_in.access_token).value();

  ASSERT_TRUE(run(people.log_out(caller)));

  EXPECT_EQ(kind_of(who(signed_in.access_token)), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(refresh(signed_in.refresh_token)), ErrorKind::unauthorised);
}

TEST_F(SignedInUser, OfAnotherServerIsNotKnown) {
  const auto signed_in = sign_up();
  Accounts stranger({.jwt_secret = "its own", .refresh_secret = "its own too"}, world.database(), world.clock, world.random);

  EXPECT_EQ(kind_of(run(stranger.authenticate(Caller{}, signed_in.access_token))), ErrorKind::unauthorised);
}

TEST_F(SignedInUser, NeedsAnInvitationWhereRegistrationIsNotOpen) {
  auto closed = settings();
  closed.registration = accounts::Registration::invite;
  Accounts guarded(closed, world.database(), world.clock, world.random);

  EXPECT_EQ(code_of(run(guarded.sign_up(Caller{}, ana(), {}))), "registration_closed");
}

class SetUpLink : public SignedInUser {
 protected:
  Result<SignIn> set_up(std::string token) {
    return run(people.set_up(Caller{}, {"root@example.test", "correct horse", "Root", std::move(token)}, {}));
  }
  std::string link() { return run(people.open_setup()).value().value(); }
};

TEST_F(SetUpLink, MakesTheFirstAdminOnce) {
  const auto token = link();

  const auto admin = set_up(token);

  ASSERT_TRUE(admin);
  EXPECT_TRUE(who(admin->access_token)->is_admin());
  EXPECT_EQ(kind_of(set_up(token)), ErrorKind::expired);
  EXPECT_EQ(run(people.open_setup()).value(), std::nullopt) << "there is an admin now";
}

TEST_F(SetUpLink, EndsAfterADay) {
  const auto token = link();
  world.clock.pass(24h);

  EXPECT_EQ(kind_of(set_up(token)), ErrorKind::expired);
}

TEST_F(SetUpLink, IsReplacedByANewerOne) {
  const auto older = link();
  const auto newer = link();

  EXPECT_EQ(kind_of(set_up(older)), ErrorKind::not_found);
  EXPECT_TRUE(set_up(newer));
}

TEST_F(SetUpLink, CannotBeGuessed) { EXPECT_EQ(kind_of(set_up("guess")), ErrorKind::not_found); }

TEST_F(SetUpLink, MakesAnAdminOfWhoeverSignsUpWithIt) {
  auto user = ana();
  user.invite = link();

  const auto signed_in = sign_up(std::move(user));

  EXPECT_TRUE(who(signed_in.access_token)->is_admin());
}

}  // namespace
}  // namespace kinora
