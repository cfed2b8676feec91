#include "api/rate_limits.hpp"

#include "tests/api/gate_fixture.hpp"

namespace kinora {
namespace {

using http::Access;
using http::LimitClass;
using http::Method;
using testing::kind_of;

class Limits : public testing::GateFixture {
 protected:
  static http::RouteSpec counted(LimitClass limit, Access access = Access::either) {
    return {.method = Method::post, .path = "/thing", .access = access, .limit = limit};
  }
  http::Head from(std::string address, const Fields& fields = {}, std::string_view target = "/thing") {
    auto sent = head("POST", fields, target);
    sent.peer.address = std::move(address);
    return sent;
  }
  /// How many of `requests` are let through.
  int passing(int requests, const http::Head& sent, const http::RouteSpec& route) {
    int passed = 0;
    for (int request = 0; request < requests; ++request)
      passed += kind_of(let_in(sent, route)) != ErrorKind::rate_limited ? 1 : 0;
    return passed;
  }
  std::string told(const http::Admitted& admitted, std::string_view name) {
    const auto* found = http::find_header(admitted.headers, name);
    return found != nullptr ? found->value : "";
  }
};

TEST_F(Limits, AreToldWithEveryAnswer) {
  const auto admitted = admit(from("192.0.2.1", bearer(ana.access_token)), counted(LimitClass::chat));

  EXPECT_EQ(told(admitted, "RateLimit-Limit"), "30");
  EXPECT_EQ(told(admitted, "RateLimit-Remaining"), "29");
  EXPECT_EQ(told(admitted, "RateLimit-Reset"), "2");
  EXPECT_EQ(told(admitted, "RateLimit-Policy"), "30;w=60");
  EXPECT_EQ(told(admitted, "X-RateLimit-Limit"), "30");
  EXPECT_EQ(told(admitted, "X-RateLimit-Remaining"), "29");
  EXPECT_EQ(told(admitted, "X-RateLimit-Reset"), "2");
}

TEST_F(Limits, RefuseWithTheTimeToWait) {
  const auto sent = from("192.0.2.1", bearer(ana.access_token));
  passing(30, sent, counted(LimitClass::chat));

  const auto refused = admit(sent, counted(LimitClass::chat));

  ASSERT_TRUE(refused.refused);
  EXPECT_EQ(refused.refused->kind, ErrorKind::rate_limited);
  EXPECT_EQ(refused.refused->retry_after, 2s);
  EXPECT_EQ(told(refused, "RateLimit-Remaining"), "0");
}

TEST_F(Limits, AreToldToWhoIsKeptOutToo) {
  const auto admitted = admit(from("192.0.2.1"), counted(LimitClass::chat));

  EXPECT_EQ(admitted.refused->kind, ErrorKind::unauthorised);
  EXPECT_EQ(told(admitted, "RateLimit-Limit"), "60");
}

TEST_F(Limits, AreTheContractsByDefault) {
  const auto anonymous = from("198.51.100.1");
  const auto by_ana = from("192.0.2.1", bearer(ana.access_token));

  EXPECT_EQ(passing(1000, anonymous, counted(LimitClass::login, Access::anyone)), 5);
  EXPECT_EQ(passing(1000, anonymous, counted(LimitClass::signup, Access::anyone)), 20);
  EXPECT_EQ(passing(1000, anonymous, counted(LimitClass::default_, Access::anyone)), 60);
  EXPECT_EQ(passing(1000, by_ana, counted(LimitClass::upload)), 10);
  EXPECT_EQ(passing(1000, by_ana, counted(LimitClass::chat)), 30);
  EXPECT_EQ(passing(1000, by_ana, counted(LimitClass::summarize)), 5);
  EXPECT_EQ(passing(1000, by_ana, counted(LimitClass::default_)), 600);
}

TEST_F(Limits, CountAnAccountWhereverItIs) {
  const auto route = counted(LimitClass::upload);
  passing(10, from("192.0.2.1", bearer(ana.access_token)), route);

  EXPECT_EQ(passing(1, from("192.0.2.2", bearer(key(ana, {Scope::write}))), route), 0);
  EXPECT_EQ(passing(1, from("192.0.2.1", bearer(sign_up("ben").access_token)), route), 1);
}

TEST_F(Limits, CountAddressesWhereNobodySignedIn) {
  const auto route = counted(LimitClass::login, Access::anyone);
  passing(5, from("192.0.2.1"), route);

  EXPECT_EQ(passing(1, from("192.0.2.1"), route), 0);
  EXPECT_EQ(passing(1, from("192.0.2.2"), route), 1);
}

TEST_F(Limits, CountTheWholeNetworkOfAnIPv6Client) {
  const auto route = counted(LimitClass::login, Access::anyone);
  passing(5, from("2001:db8:1:2::1"), route);

  EXPECT_EQ(passing(1, from("2001:db8:1:2:ffff::9"), route), 0);
  EXPECT_EQ(passing(1, from("2001:db8:1:3::1"), route), 1);
}

TEST_F(Limits, CountWhoGuessesTokens) {
  const auto guessing = from("192.0.2.1", bearer("nonsense"));

  EXPECT_EQ(passing(1000, guessing, counted(LimitClass::default_)), 60);
}

TEST_F(Limits, CountMediaByGrantAndAddress) {
  http::RouteSpec route{
      .method = Method::get, .path = "/media/{grant}/{path...}", .access = Access::anyone, .limit = LimitClass::media};
  passing(1800, from("192.0.2.1", {}, "/media/one/a.m4s"), route);

  EXPECT_EQ(passing(1, from("192.0.2.1", {}, "/media/one/b.m4s"), route), 0);
  EXPECT_EQ(passing(1, from("192.0.2.1", {}, "/media/two/b.m4s"), route), 1);
  EXPECT_EQ(passing(1, from("192.0.2.2", {}, "/media/one/b.m4s"), route), 1);
}

TEST_F(Limits, DoNotHoldOutsideOfThem) {
  const auto admitted = admit(from("192.0.2.1"), counted(LimitClass::none, Access::anyone));

  EXPECT_TRUE(admitted.headers.empty());
  EXPECT_EQ(passing(5000, from("192.0.2.1"), counted(LimitClass::none, Access::anyone)), 5000);
}

TEST_F(Limits, AreLargerForPremium) {
  const auto rules = api::default_rate_rules();

  EXPECT_EQ(rules.find(LimitClass::default_, api::RateTier::premium), (RateRule{3000, 60s}));
  EXPECT_EQ(rules.find(LimitClass::sift_processing, api::RateTier::anonymous), (RateRule{0, 24h}));
}

}  // namespace
}  // namespace kinora
