#include "tests/people.hpp"

namespace kinora {
namespace {

using enum Scope;
using testing::kind_of;
using testing::run;

class ApiKeys : public testing::People {
 protected:
  accounts::SignIn ana = sign_up("ana");
};

TEST_F(ApiKeys, ShowTheirSecretOnceAndStandForTheirOwner) {
  const auto made = make_key(caller(ana), {read, chat}).value();

  const auto caller = who(made.secret).value();

  EXPECT_TRUE(made.secret.starts_with("kin_"));
  EXPECT_EQ(made.key.prefix, made.secret.substr(0, 12));
  EXPECT_EQ(caller.user, ana.user.id);
  EXPECT_EQ(caller.api_key, made.key.id);
  EXPECT_FALSE(caller.session);
  EXPECT_TRUE(caller.scopes.has(read) && caller.scopes.has(chat));
  EXPECT_FALSE(caller.scopes.has(write) || caller.scopes.has(edit) || caller.scopes.has(admin));
}

TEST_F(ApiKeys, AreListedNewestFirstWithoutTheirSecrets) {
  make_key(caller(ana), {read}).value();
  world.clock.pass(1s);
  const auto newer = make_key(caller(ana), {write}).value();

  const auto keys = run(people.api_keys(caller(ana))).value();

  ASSERT_EQ(keys.size(), 2);
  EXPECT_EQ(keys[0].id, newer.key.id);
  EXPECT_EQ(keys[0].scopes, newer.key.scopes);
  EXPECT_EQ(keys[0].name, "a program");
  EXPECT_EQ(keys[0].last_used_at, std::nullopt);
}

TEST_F(ApiKeys, EndAtTheirTime) {
  const auto made = make_key(caller(ana), {read}, world.clock.now() + 1h).value();
  world.clock.pass(1h - 1s);
  EXPECT_TRUE(who(made.secret));

  world.clock.pass(1s);

  EXPECT_EQ(kind_of(who(made.secret)), ErrorKind::unauthorised);
}

TEST_F(ApiKeys, CannotBeMadeForATimeThatHasPassed) {
  const auto refused = make_key(caller(ana), {read}, world.clock.now());

  ASSERT_EQ(kind_of(refused), ErrorKind::invalid);
  EXPECT_EQ(refused.error().fields.at(0).pointer, "/body/expires_at");
}

TEST_F(ApiKeys, AreRefusedOnceRemoved) {
  const auto made = make_key(caller(ana), {read}).value();

  ASSERT_TRUE(run(people.remove_api_key(caller(ana), made.key.id)));

  EXPECT_EQ(kind_of(who(made.secret)), ErrorKind::unauthorised);
  EXPECT_TRUE(run(people.api_keys(caller(ana)))->empty());
}

TEST_F(ApiKeys, OfOthersAreAsUnknownAsThoseThatNeverWere) {
  const auto made = make_key(caller(ana), {read}).value();
  const auto ben = caller(sign_up("ben"));

  EXPECT_EQ(kind_of(run(people.remove_api_key(ben, made.key.id))), ErrorKind::not_found);
  EXPECT_EQ(kind_of(run(people.remove_api_key(ben, ApiKeyId{}))), ErrorKind::not_found);
  EXPECT_TRUE(run(people.api_keys(ben))->empty());
  EXPECT_TRUE(who(made.secret));
}

TEST_F(ApiKeys, MakeOnlyKeysWithinTheirOwnScopes) {
  const auto maker = who(key(ana, {read, write})).value();

  EXPECT_TRUE(make_key(maker, {read}));
  EXPECT_EQ(kind_of(make_key(maker, {read, chat})), ErrorKind::forbidden);
}

TEST_F(ApiKeys, AdministerOnlyForAdmins) {
  EXPECT_EQ(kind_of(make_key(caller(ana), {admin})), ErrorKind::forbidden);

  const auto root = set_up_admin();

  EXPECT_TRUE(who(key(root, {admin}))->is_admin());
  EXPECT_FALSE(who(key(root, {read, write}))->is_admin()) << "the person is one, the key is not";
}

TEST_F(ApiKeys, CannotChangeThePassword) {
  const auto program = who(key(ana, {read, write, chat, edit})).value();

  EXPECT_EQ(kind_of(run(people.change_password(program, password, "another one"))), ErrorKind::forbidden);
  EXPECT_TRUE(log_in("ana"));
}

TEST_F(ApiKeys, SurviveTheEndOfAllSessions) {
  const auto secret = key(ana, {read});

  ASSERT_TRUE(run(people.log_out_everywhere(caller(ana))));

  EXPECT_TRUE(who(secret));
}

TEST_F(ApiKeys, TellWhenTheyWereLastUsed) {
  const auto made = make_key(caller(ana), {read}).value();
  world.clock.pass(30min);
  const auto used_at = world.clock.now();
  ASSERT_TRUE(who(made.secret));

  tidy_up();

  EXPECT_EQ(run(people.api_keys(caller(ana)))->at(0).last_used_at, used_at);
}

TEST_F(ApiKeys, AreAtMostAHundredOfOneAccount) {
  for (int count = 0; count < 100; ++count) ASSERT_TRUE(make_key(caller(ana), {read}));

  EXPECT_EQ(kind_of(make_key(caller(ana), {read})), ErrorKind::quota);
}

TEST_F(ApiKeys, CannotBeGuessed) {
  make_key(caller(ana), {read}).value();

  for (const auto* guess : {"kin_", "kin_x", "kin_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    EXPECT_EQ(kind_of(who(guess)), ErrorKind::unauthorised) << guess;
}

Task<Result<std::vector<std::string>>> kept_secrets(Transaction tx) {
  static constexpr Sql all{R"sql(SELECT id || ' ' || prefix || ' ' || secret_hash FROM api_keys)sql"};
  return tx.all<std::string>(all);
}

TEST_F(ApiKeys, LeaveNothingInTheDatabaseThatSignsAnyoneIn) {
  const auto made = make_key(caller(ana), {read}).value();

  for (const auto& row : world.read(kept_secrets).value()) EXPECT_FALSE(row.contains(made.secret.substr(12))) << row;
}

}  // namespace
}  // namespace kinora
