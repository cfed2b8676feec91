#include <gtest/gtest.h>

#include "base/json.hpp"
#include "http/tests/client.hpp"
#include "http/tests/live_server.hpp"

namespace kinora::http {

namespace {

using testing::Client;
using testing::LiveServer;

struct Shop {
  int calls = 0;
};

struct Greeting {
  std::string text;
  std::int64_t times;
};

struct AskGreeting {
  struct Path {
    Text<1, 20> name;
  } path;
  struct Query {
    Default<Int<1, 5>, 2> times;
  } query;
};
Task<Result<Greeting>> greet(Shop& shop, Caller, AskGreeting ask) {
  ++shop.calls;
  co_return Greeting{"hello " + ask.path.name.value, ask.query.times};
}

struct MakeThing {
  struct Body {
    Text<1, 10> title;
    Optional<Int<0, 9>> size;
  } body;
};
Task<Result<Created<Greeting>>> make_thing(Shop&, Caller, MakeThing ask) {
  co_return Created<Greeting>{"/things/1", {ask.body.title, ask.body.size.value_or(Int<0, 9>{7})}};
}

Task<Result<NoContent>> refuse(Shop&, Caller) { co_return fail(ErrorKind::conflict, "not now"); }

std::vector<Surface> shop_surface(Shop& shop) {
  Surface surface{{}, std::make_shared<ProblemJson>()};
  surface.routes.push_back(route(shop, {Method::get, "/api/hello/{name}", Access::anyone}, greet));
  surface.routes.push_back(route(shop, {Method::post, "/api/things", Access::either}, make_thing));
  surface.routes.push_back(
      route(shop, {Method::get, "/api/refused", Access::either, LimitClass::default_, "Never", {}}, refuse));
  return {std::move(surface)};
}

class ServerTest : public ::testing::Test {
 protected:
  Shop shop;
  LiveServer server{shop_surface(shop)};
  Client client{server.port()};
};

TEST_F(ServerTest, AnswersARouteWithItsView) {
  const auto response = client.get("/api/hello/ana?times=3");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("content-type"), "application/json");
  EXPECT_EQ(response.body, R"({"text":"hello ana","times":3})");
}

TEST_F(ServerTest, KeepsTheConnectionForTheNextRequest) {
  EXPECT_EQ(client.get("/api/hello/ana").status, 200);
  EXPECT_EQ(client.get("/api/hello/ben").body, R"({"text":"hello ben","times":2})");
}

TEST_F(ServerTest, AnswersCreationWithItsPlace) {
  const auto response = client.post("/api/things", R"({"title":"a cup","role":"admin"})");

  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.header("location"), "/things/1");
  EXPECT_EQ(response.body, R"({"text":"a cup","times":7})");
}

}  // namespace

}  // namespace kinora::http
