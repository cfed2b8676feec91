#include "http/server.hpp"

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "base/tests/run.hpp"
#include "http/tests/client.hpp"
#include "http/tests/live_server.hpp"
#include "http/tests/shop.hpp"

namespace kinora::http {

namespace {

using kinora::testing::happens;
using testing::Client;
using testing::LiveServer;
using testing::Shop;

class ServerTest : public ::testing::Test {
 protected:
  Shop shop;
  LiveServer server{testing::shop_surface(shop)};
  Client client{server.port()};

  bool handler_was_cancelled() { return happens(shop.cancelled); }
  void wait_for_handler() { ASSERT_TRUE(happens(shop.waiting)); }
};

std::string member(const testing::Response& response, std::string_view name) {
  return json_text(parse_json(response.body)->at(name));
}

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

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
  client.send(Client::request("GET", "/api/hello/a", {}, "") + Client::request("GET", "/api/hello/b", {}, ""));

  EXPECT_EQ(member(client.read_response(), "text"), "\"hello a\"");
  EXPECT_EQ(member(client.read_response(), "text"), "\"hello b\"");
}

TEST_F(ServerTest, AnswersCreationWithItsPlace) {
  const auto response = client.post("/api/things", R"({"title":"a cup","role":"admin"})");

  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.header("location"), "/things/1");
  EXPECT_EQ(response.body, R"({"text":"a cup","times":7})");
}

TEST_F(ServerTest, ReportsAllWrongFieldsTogether) {
  const auto response = client.post("/api/things", R"({"title":"","size":12})");

  EXPECT_EQ(response.status, 422);
  EXPECT_EQ(response.header("content-type"), "application/problem+json");
  EXPECT_TRUE(response.body.contains(R"("pointer":"/body/title","code":"too_short")")) << response.body;
  EXPECT_TRUE(response.body.contains(R"("pointer":"/body/size","code":"too_large")")) << response.body;
}

TEST_F(ServerTest, RefusesBrokenJson) {
  const std::string deep(100'000, '[');
  for (const std::string_view json :
       std::initializer_list<std::string_view>{"{", "{\"title\":\"a\",\"title\":\"b\"}", "\xef\xbb\xbf{\"title\":\"a\"}",
                                               "{\"title\":\"\\ud800\"}", "{\"title\":\"\xff\"}", deep})
    EXPECT_EQ(client.post("/api/things", json).status, 400) << json.substr(0, 40);
}

TEST_F(ServerTest, TakesNothingForAnEmptyObject) {
  const auto response = client.ask("POST", "/api/things");

  EXPECT_EQ(response.status, 422);
  EXPECT_TRUE(response.body.contains("\"/body/title\""));
}

TEST_F(ServerTest, RefusesOtherContentTypes) {
  EXPECT_EQ(client.ask("POST", "/api/things", {{"Content-Type", "text/plain"}}, "{}").status, 415);
  EXPECT_EQ(client.ask("POST", "/api/things", {}, "{}").status, 415);
}

TEST_F(ServerTest, RefusesJsonAboveItsLimit) {
  const auto response = client.post("/api/things", "{\"title\":\"" + std::string(1 << 20, 'x') + "\"}");

  EXPECT_EQ(response.status, 413);
}

TEST_F(ServerTest, AnswersUnknownAddressesForEverySurface) {
  const auto response = client.get("/api/nothing");

  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(member(response, "code"), "\"NOT_FOUND\"");
  EXPECT_EQ(member(response, "success"), "false");
}

TEST_F(ServerTest, AnswersAWrongPathValueLikeAnUnknownAddress) {
  EXPECT_EQ(client.get("/api/hello/" + std::string(21, 'x')).status, 404);
  EXPECT_EQ(client.get("/api/hello/..%2fx").status, 404);
}

TEST_F(ServerTest, NamesTheMethodsWhenTheMethodIsWrong) {
  const auto response = client.ask("DELETE", "/api/file");

  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(response.header("allow"), "GET, HEAD, OPTIONS");
  EXPECT_EQ(client.ask("BREW", "/api/file").status, 405);
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  const auto response = client.ask("HEAD", "/api/hello/ana");

  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.header("content-length"), "30");
  EXPECT_EQ(client.get("/api/hello/ana").status, 200);
}

TEST_F(ServerTest, EchoesAWellFormedRequestIdAndMakesOneOtherwise) {
  EXPECT_EQ(client.get("/api/hello/a", {{"X-Request-Id", "abc-12345"}}).header("x-request-id"), "abc-12345");
  EXPECT_TRUE(client.get("/api/hello/a", {{"X-Request-Id", "a b"}}).header("x-request-id").starts_with("req_"));
  EXPECT_TRUE(client.get("/api/hello/a").header("x-request-id").starts_with("req_"));
}

TEST_F(ServerTest, HidesWhatAnUncaughtExceptionTells) {
  const auto response = client.get("/api/broken");

  EXPECT_EQ(response.status, 500);
  EXPECT_FALSE(response.body.contains("secret"));
  EXPECT_NE(server.log().wait_for("secret path"), "");
  EXPECT_EQ(client.get("/api/hello/a").status, 200);
}

TEST_F(ServerTest, TellsOfStatusesARouteDoesNotDeclare) {
  EXPECT_EQ(client.get("/api/refused").status, 409);

  EXPECT_EQ(server.undeclared(), std::vector<std::string>{"/api/refused 409"});
}

TEST_F(ServerTest, AnswersARefusalOfTheGate) {
  server.gate().refusal = Error{ErrorKind::unauthorised, "sign in"};

  const auto response = client.get("/api/hello/a");

  EXPECT_EQ(response.status, 401);
  EXPECT_NE(response.header("www-authenticate"), "");
}

TEST_F(ServerTest, AddsTheHeadersOfTheGate) {
  server.gate().answer.headers = {{"RateLimit-Remaining", "0"}, {"Retry-After", "9"}};
  server.gate().answer.refused = Error{ErrorKind::rate_limited, "slow down"};

  const auto response = client.get("/api/hello/a");

  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.header("ratelimit-remaining"), "0");
  EXPECT_EQ(response.header("retry-after"), "9");
}

TEST_F(ServerTest, TellsWhenToTryAgainWhereTheErrorKnows) {
  Error error{ErrorKind::rate_limited, "slow down"};
  error.retry_after = std::chrono::seconds(7);
  server.gate().refusal = error;

  EXPECT_EQ(client.get("/api/hello/a").header("retry-after"), "7");
}

TEST_F(ServerTest, LogsTheTemplateNotTheAddress) {
  client.get("/api/hello/secretname?times=2");

  const auto line = server.log().wait_for("request answered");
  EXPECT_TRUE(line.contains("path=/api/hello/{name}")) << line;
  EXPECT_FALSE(line.contains("secretname")) << line;
}

TEST_F(ServerTest, AnswersAKnownVersionWith304) {
  EXPECT_EQ(client.get("/api/versioned").header("etag"), "\"7\"");

  EXPECT_EQ(client.get("/api/versioned", {{"If-None-Match", "\"7\""}}).status, 304);
  EXPECT_EQ(client.get("/api/versioned", {{"If-None-Match", "\"6\""}}).status, 200);
}

TEST_F(ServerTest, PacksLargeAnswers) {
  const auto packed = client.get("/api/big", {{"Accept-Encoding", "gzip"}});

  EXPECT_EQ(packed.header("content-encoding"), "gzip");
  EXPECT_LT(packed.body.size(), 500);
  EXPECT_EQ(client.get("/api/big").body.size(), 5021);
}

TEST_F(ServerTest, PullsALargeBodyInLargePieces) {
  const std::string body(24 << 20, '\1');

  const auto response = client.ask("PUT", "/api/bytes", {}, body);

  EXPECT_EQ(member(response, "bytes"), std::to_string(body.size()));
  EXPECT_EQ(member(response, "sum"), std::to_string(body.size()));
  EXPECT_GT(shop.largest_read_bytes, 16 * 1024);
}

TEST_F(ServerTest, PullsAChunkedBody) {
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n\1\1\1\r\n");
  client.send("2;x=y\r\n\1\1\r\n0\r\n\r\n");

  EXPECT_EQ(member(client.read_response(), "sum"), "5");
  EXPECT_EQ(client.get("/api/hello/a").status, 200);
}

TEST_F(ServerTest, ReadsAForm) {
  const auto response = client.ask("POST", "/api/form", {{"Content-Type", "multipart/form-data; boundary=b"}},
                                   "--b\r\nContent-Disposition: form-data; name=x\r\n\r\n1\r\n"
                                   "--b\r\nContent-Disposition: form-data; name=y\r\n\r\n2\r\n--b--\r\n");

  EXPECT_EQ(member(response, "text"), "\"x=1;y=2;\"");
  EXPECT_EQ(client.ask("POST", "/api/form", {{"Content-Type", "text/plain"}}, "x").status, 415);
}

TEST_F(ServerTest, InvitesABodyThatWaits) {
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 100);

  client.send("\1\1");
  EXPECT_EQ(member(client.read_response(), "sum"), "2");
}

TEST_F(ServerTest, TakesABodyWhoseLineIsResetForOneWhoseClientHasGone) {
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(client.read_response().status, 100);

  client.reset();

  EXPECT_NE(server.log().wait_for("status=499"), "");
}

TEST_F(ServerTest, InvitesNoBodyThatItRefuses) {
  server.gate().refusal = Error{ErrorKind::unauthorised, "sign in"};
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");

  const auto response = client.read_response();

  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.header("connection"), "close");
}

TEST_F(ServerTest, ReadsOverASmallBodyNobodyAskedFor) {
  EXPECT_EQ(client.ask("PUT", "/api/ignored", {}, std::string(100'000, 'x')).status, 204);
  EXPECT_EQ(client.get("/api/hello/a").status, 200);
}

TEST_F(ServerTest, ClosesBehindALargeBodyNobodyAskedFor) {
  client.send("PUT /api/ignored HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n" + std::string(100'000, 'x'));

  const auto response = client.read_response();

  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("connection"), "close");
}

TEST_F(ServerTest, AnswersSmuggledRequestsWith400AndCloses) {
  for (const std::string_view fields :
       {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Transfer-Encoding: xchunked\r\n", "X: 1\r\n folded\r\n", "Content-Length: 5\nX: 1\r\n"}) {
    Client smuggler(server.port());
    smuggler.send("POST /api/things HTTP/1.1\r\nHost: a\r\n" + std::string(fields) +
                  "\r\n0\r\n\r\nGET /api/hello/smuggled HTTP/1.1\r\nHost: a\r\n\r\n");

    EXPECT_EQ(smuggler.read_response().status, 400) << fields;
    EXPECT_EQ(smuggler.read_until("hello smuggled"), "") << fields;
  }
}

TEST_F(ServerTest, ClosesBehindABrokenChunk) {
  client.send("PUT /api/bytes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\nx\r\n0\r\n\r\n");

  const auto response = client.read_response();

  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(response.header("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, RefusesHeadsAboveTheirLimits) {
  EXPECT_EQ(Client(server.port()).get("/" + std::string(9000, 'a')).status, 414);
  EXPECT_EQ(Client(server.port()).get("/", {{"X", std::string(20'000, 'a')}}).status, 431);
}

TEST_F(ServerTest, SpeaksHttp10) {
  client.send("GET /api/hello/a HTTP/1.0\r\n\r\n");

  EXPECT_EQ(client.read_response().header("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
  EXPECT_EQ(client.get("/api/hello/a", {{"Connection", "close"}}).header("connection"), "close");
  EXPECT_TRUE(client.is_closed_by_server());
}

TEST_F(ServerTest, StopsAHandlerWhoseClientHasGone) {
  client.send(Client::request("GET", "/api/wait", {}, ""));
  wait_for_handler();

  client.close();

  EXPECT_TRUE(handler_was_cancelled());
  EXPECT_NE(server.log().wait_for("status=499"), "");
}

TEST_F(ServerTest, StopsAHandlerBehindWhichRequestsArePipelined) {
  client.send(Client::request("GET", "/api/wait", {}, "") + Client::request("GET", "/api/hello/a", {}, ""));
  wait_for_handler();

  client.close();

  EXPECT_TRUE(handler_was_cancelled());
}

TEST_F(ServerTest, StopsAHandlerAfterItsTime) {
  const auto response = client.get("/api/wait-briefly");

  EXPECT_EQ(response.status, 504);
  EXPECT_EQ(response.header("connection"), "close");
}

TEST_F(ServerTest, StreamsEventsAndEnds) {
  const auto response = client.get("/api/events");

  EXPECT_EQ(response.header("content-type"), "text/event-stream");
  EXPECT_EQ(response.header("x-accel-buffering"), "no");
  EXPECT_EQ(response.body,
            "retry: 3000\n\nevent: count\ndata: one\n\nevent: count\ndata: two\n\nevent: count\ndata: three\n\n");
}

TEST_F(ServerTest, StopsAStreamWhoseClientHasGone) {
  client.send(Client::request("GET", "/api/silent-events", {}, ""));
  client.read_until("event: ready");

  client.close();

  EXPECT_TRUE(handler_was_cancelled());
}

TEST_F(ServerTest, AnswersAPreflight) {
  const auto response =
      client.ask("OPTIONS", "/api/things", {{"Origin", "http://localhost:5173"}, {"Access-Control-Request-Method", "POST"}});

  EXPECT_EQ(response.status, 204);
  EXPECT_EQ(response.header("access-control-allow-origin"), "");
}

}  // namespace

}  // namespace kinora::http
