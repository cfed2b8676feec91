#include <gtest/gtest.h>
#include <poll.h>

#include "base/tests/run.hpp"
#include "http/server.hpp"
#include "http/tests/client.hpp"
#include "http/tests/live_server.hpp"
#include "http/tests/shop.hpp"

namespace kinora::http {

namespace {

using kinora::testing::happens;
using testing::Client;
using testing::LiveServer;
using testing::Shop;

ListenSettings with_limits(Limits limits) {
  ListenSettings settings;
  settings.limits = limits;
  settings.cors.loopback_origins = true;
  return settings;
}

struct ShopOnLimits {
  explicit ShopOnLimits(Limits limits) : server(testing::shop_surface(shop), with_limits(limits)) {}
  Shop shop;
  LiveServer server;
};

bool is_answered_within(const Client& client, std::chrono::milliseconds time) {
  pollfd answer{client.descriptor(), POLLIN, 0};
  return ::poll(&answer, 1, static_cast<int>(time.count())) > 0;
}

TEST(ServerCors, LetsLoopbackPagesSendWhileBoundToLoopback) {
  ShopOnLimits on({});
  Client client(on.server.port());

  const auto response =
      client.ask("OPTIONS", "/api/things", {{"Origin", "http://localhost:5173"}, {"Access-Control-Request-Method", "POST"}});

  EXPECT_EQ(response.header("access-control-allow-origin"), "http://localhost:5173");
  EXPECT_EQ(response.header("access-control-allow-methods"), "POST, OPTIONS");
}

TEST(ServerLimits, CloseAHeadThatComesTooSlowly) {
  Limits limits;
  limits.head_time = 50ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());

  client.send("GET / HTTP/1.1\r\nHost:");

  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerLimits, CloseAnIdleConnection) {
  Limits limits;
  limits.idle_time = 50ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());
  EXPECT_EQ(client.get("/api/hello/a").status, 200);

  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerLimits, RefuseABodyThatStopsArriving) {
  Limits limits;
  limits.body_time = 50ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());

  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");

  EXPECT_EQ(client.read_response().status, 408);
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerLimits, RefuseABodyThatComesByteByByte) {
  Limits limits;
  limits.body_time = 300ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n");

  bool is_answered = false;
  for (int count = 0; count < 500 && !is_answered; ++count) {
    client.send("x");
    is_answered = is_answered_within(client, 10ms);
  }

  EXPECT_TRUE(is_answered);
  EXPECT_EQ(client.read_response().status, 408);
}

TEST(ServerLimits, CountFromTheLastByteOfABodyNotFromItsFirst) {
  ShopOnLimits on({});
  Client client(on.server.port());
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc");

  EXPECT_EQ(client.read_response().status, 200);

  EXPECT_FALSE(on.shop.has_deadline) << "what came for an hour would be thrown away";
}

TEST(ServerLimits, DropAReaderThatDoesNotRead) {
  Limits limits;
  limits.write_time = 100ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());

  client.send(Client::request("GET", "/api/flood", {}, ""));

  EXPECT_NE(on.server.log().wait_for("status=499"), "");
  EXPECT_TRUE(on.shop.cancelled.is_set());
}

TEST(ServerLimits, KeepASilentStreamAlive) {
  Limits limits;
  limits.event_pause = 20ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());

  client.send(Client::request("GET", "/api/silent-events", {}, ""));

  EXPECT_TRUE(client.read_until("\n:\n\n:\n\n").ends_with("\n:\n\n:\n\n"));
}

TEST(ServerLimits, LetAStreamOutlastTheDeadlineOfItsRequest) {
  Limits limits;
  limits.event_pause = limits.event_check = 20ms;
  ShopOnLimits on(limits);
  on.server.gate().answer.caller.deadline = std::chrono::steady_clock::now();
  Client client(on.server.port());

  client.send(Client::request("GET", "/api/silent-events", {}, ""));

  EXPECT_TRUE(client.read_until("\n:\n\n:\n\n").ends_with("\n:\n\n:\n\n"));
}

TEST(ServerLimits, EndAStreamSoonAfterItsCallerIsNoLongerLetIn) {
  Limits limits;
  limits.event_check = 20ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());
  client.send(Client::request("GET", "/api/silent-events", {}, ""));
  client.read_until("event: ready");

  on.server.gate().is_revoked = true;

  EXPECT_TRUE(client.is_closed_by_server());
  EXPECT_TRUE(happens(on.shop.cancelled));
}

TEST(ServerLimits, RefuseConnectionsAboveTheirNumber) {
  Limits limits;
  limits.connections = 1;
  ShopOnLimits on(limits);
  Client first(on.server.port());
  EXPECT_EQ(first.get("/api/hello/a").status, 200);

  Client second(on.server.port());

  EXPECT_EQ(second.read_response().status, 503);
}

TEST(ServerLimits, TellRequestsAboveTheirNumberToComeAgain) {
  Limits limits;
  limits.requests = 1;
  ShopOnLimits on(limits);
  Client first(on.server.port());
  first.send(Client::request("GET", "/api/wait", {}, ""));
  ASSERT_TRUE(happens(on.shop.waiting));
  Client second(on.server.port());

  const auto response = second.get("/api/hello/a");

  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.header("retry-after"), "1");
}

TEST(ServerLimits, HaveAPlaceAgainOnceARequestIsAnswered) {
  Limits limits;
  limits.requests = 1;
  ShopOnLimits on(limits);
  Client client(on.server.port());

  EXPECT_EQ(client.get("/api/hello/a").status, 200);
  EXPECT_EQ(client.get("/api/nothing-here").status, 404);
  EXPECT_EQ(client.get("/api/hello/a").status, 200);
}

TEST(ServerStop, EndsIdleConnectionsAndStreamsAtOnce) {
  ShopOnLimits on({});
  Client idle(on.server.port());
  EXPECT_EQ(idle.get("/api/hello/a").status, 200);
  Client stream(on.server.port());
  stream.send(Client::request("GET", "/api/silent-events", {}, ""));
  stream.read_until("event: ready");

  on.server.stop();

  EXPECT_TRUE(idle.is_closed_by_server());
  EXPECT_TRUE(stream.is_closed_by_server());
}

TEST(ServerStop, StopsRunningRequestsAfterTheGraceTime) {
  Limits limits;
  limits.grace_time = 50ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());
  client.send(Client::request("GET", "/api/wait", {}, "") + Client::request("GET", "/api/hello/a", {}, ""));
  ASSERT_TRUE(happens(on.shop.waiting));

  on.server.stop();

  EXPECT_TRUE(client.is_closed_by_server());
}

TEST(ServerStop, TellsAClientWhoseRequestItStops) {
  Limits limits;
  limits.grace_time = 50ms;
  ShopOnLimits on(limits);
  Client client(on.server.port());
  client.send(Client::request("GET", "/api/wait", {}, ""));
  ASSERT_TRUE(happens(on.shop.waiting));

  on.server.stop();
  const auto response = client.read_response();

  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(response.header("retry-after"), "1");
}

TEST(ServerStop, LetsABodyUnderWayArrive) {
  ShopOnLimits on({});
  Client client(on.server.port());
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 100);

  on.server.start_stopping();
  client.send("\1\1");
  const auto response = client.read_response();

  EXPECT_EQ(response.status, 200);
}

TEST(ServerStop, SurvivesManyStartsAndStops) {
  for (int round = 0; round < 50; ++round) {
    ShopOnLimits on({});
    Client client(on.server.port());
    client.send(Client::request("GET", round % 2 == 0 ? "/api/hello/a" : "/api/silent-events", {}, ""));
    on.server.stop();
  }
}

TEST(ServerOpen, SaysWhyItCannotListen) {
  Shop shop;
  LiveServer first(testing::shop_surface(shop));
  ListenSettings taken;
  taken.port = first.port();
  asio::io_context io;
  Router router({});
  testing::OpenGate gate;
  testing::KeptLog log;
  testing::CountingRandom random;
  testing::FixedClock clock;

  const auto second = Server::open(io.get_executor(), taken, {router, gate, log, random, clock});

  ASSERT_FALSE(second.has_value());
  EXPECT_TRUE(second.error().message.contains("Address already in use")) << second.error().message;
}

}  // namespace

}  // namespace kinora::http
