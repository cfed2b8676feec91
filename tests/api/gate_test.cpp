#include "tests/api/gate_fixture.hpp"

namespace kinora {
namespace {

using http::Access;
using http::Method;
using testing::kind_of;
using testing::run;

class Gate : public testing::GateFixture {
 protected:
  std::string key_with(Scope scope) { return key(ana, {scope}); }
};

TEST_F(Gate, AsksNobodyWhereAnyoneMayCall) {
  EXPECT_FALSE(get({}, Access::anyone)->is_person());
  EXPECT_FALSE(get(bearer("nonsense"), Access::anyone)->is_person());
}

TEST_F(Gate, KeepsOutWhoDoesNotProveWhoHeIs) {
  for (const auto access : {Access::either, Access::bearer, Access::session, Access::admin}) {
    EXPECT_EQ(kind_of(get({}, access)), ErrorKind::unauthorised);
    EXPECT_EQ(kind_of(get(bearer("nonsense"), access)), ErrorKind::unauthorised);
    EXPECT_EQ(kind_of(get({{"Cookie", "__Host-session=nonsense"}}, access)), ErrorKind::unauthorised);
    world.clock.pass(1min);
  }
}

TEST_F(Gate, KnowsTokensAndCookiesWhereEitherCounts) {
  EXPECT_EQ(get(bearer(ana.access_token))->user, ana.user.id);
  EXPECT_EQ(get(cookie(log_in_by_cookie("ana")))->user, ana.user.id);
}

TEST_F(Gate, KnowsOnlyCookiesWhereASessionIsAskedFor) {
  EXPECT_EQ(get(cookie(log_in_by_cookie("ana")), Access::session)->user, ana.user.id);
  EXPECT_EQ(kind_of(get(bearer(ana.access_token), Access::session)), ErrorKind::unauthorised);
}

TEST_F(Gate, KnowsOnlyTokensWhereABearerIsAskedFor) {
  EXPECT_EQ(get(bearer(ana.access_token), Access::bearer)->user, ana.user.id);
  EXPECT_EQ(kind_of(get(cookie(log_in_by_cookie("ana")), Access::bearer)), ErrorKind::unauthorised);
}

TEST_F(Gate, TakesCredentialsWhereTheyAreOptionalButNoWrongOnes) {
  EXPECT_FALSE(get({}, Access::optional)->is_person());
  EXPECT_TRUE(get(bearer(ana.access_token), Access::optional)->is_person());
  EXPECT_EQ(kind_of(get(bearer("nonsense"), Access::optional)), ErrorKind::unauthorised);
  EXPECT_FALSE(get({{"Cookie", "__Host-session=nonsense"}}, Access::optional)->is_person())
      << "browsers send old cookies along";
}

TEST_F(Gate, BelievesWhatWasSentOnPurposeBeforeACookie) {
  auto fields = cookie(log_in_by_cookie("ana"));
  const auto ben = sign_up("ben");
  fields.push_back(bearer(ben.access_token).front());

  EXPECT_EQ(post(fields)->user, ben.user.id);
}

TEST_F(Gate, LetsOnlyAdminsWhereOneIsAskedFor) {
  EXPECT_EQ(kind_of(get(bearer(ana.access_token), Access::admin)), ErrorKind::forbidden);
  EXPECT_TRUE(get(bearer(set_up_admin().access_token), Access::admin)->is_admin());
}

TEST_F(Gate, AsksKeysForTheScopeOfTheRoute) {
  const auto is_let_in = [this](Scope scope, http::RouteSpec spec) {
    return let_in(head("GET", bearer(key_with(scope))), spec).has_value();
  };
  auto chat = route(Method::post);
  chat.limit = http::LimitClass::chat;
  auto edit = route(Method::post);
  edit.scope = Scope::edit;

  EXPECT_TRUE(is_let_in(Scope::read, route(Method::get)));
  EXPECT_FALSE(is_let_in(Scope::read, route(Method::post)));
  EXPECT_TRUE(is_let_in(Scope::write, route(Method::post)));
  EXPECT_FALSE(is_let_in(Scope::write, route(Method::get)));
  EXPECT_TRUE(is_let_in(Scope::chat, chat));
  EXPECT_FALSE(is_let_in(Scope::write, chat));
  EXPECT_TRUE(is_let_in(Scope::edit, edit));
  EXPECT_FALSE(is_let_in(Scope::write, edit));
}

TEST_F(Gate, NamesTheScopeThatIsMissing) {
  const auto refused = post(bearer(key_with(Scope::read)));

  ASSERT_EQ(kind_of(refused), ErrorKind::forbidden);
  EXPECT_EQ(refused.error().message, "this API key lacks the scope write");
}

TEST_F(Gate, LetsAnAdminsKeyAdministerOnlyWithThatScope) {
  const auto root = set_up_admin();

  EXPECT_TRUE(get(bearer(key(root, {Scope::admin})), Access::admin));
  EXPECT_EQ(kind_of(get(bearer(key(root, {Scope::read, Scope::write})), Access::admin)), ErrorKind::forbidden);
}

TEST_F(Gate, ReadsTheCookieOfItsLineOnly) {
  auto sent = head("GET", {{"Cookie", "session=" + log_in_by_cookie("ana").cookie->value}});
  EXPECT_EQ(kind_of(let_in(sent, route(Method::get))), ErrorKind::unauthorised) << "over TLS anyone's subdomain can set it";

  sent.peer.is_tls = false;
  EXPECT_TRUE(let_in(sent, route(Method::get)));
}

class TicketGate : public testing::GateFixture {
 protected:
  Result<Caller> stream(const std::string& query, const Fields& fields = {}) {
    auto spec = route(Method::get);
    spec.takes_ticket = true;
    return let_in(head("GET", fields, "/thing?" + query), spec);
  }
  std::string ticket() { return run(people.make_ticket(caller(ana)))->text; }
};

TEST_F(TicketGate, LetsATicketInOnce) {
  const auto query = "types=a&ticket=" + ticket();

  EXPECT_EQ(stream(query)->user, ana.user.id);
  EXPECT_EQ(kind_of(stream(query)), ErrorKind::unauthorised);
}

TEST_F(TicketGate, KeepsAWrongTicketOut) {
  EXPECT_EQ(kind_of(stream("ticket=nonsense")), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(stream("ticket=")), ErrorKind::unauthorised);
  EXPECT_EQ(kind_of(stream("")), ErrorKind::unauthorised);
}

TEST_F(TicketGate, TakesNoTicketOnOtherRoutes) {
  const auto text = ticket();

  EXPECT_EQ(kind_of(let_in(head("GET", {}, "/thing?ticket=" + text), route(Method::get))), ErrorKind::unauthorised);
  EXPECT_TRUE(stream("ticket=" + text)) << "and it was not used up";
}

TEST_F(TicketGate, TakesOtherCredentialsToo) { EXPECT_TRUE(stream("", bearer(ana.access_token))); }

}  // namespace
}  // namespace kinora
