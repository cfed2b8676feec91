#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/llama_server/turns.hpp"
#include "adapters/llama_server/unix_http.hpp"
#include "base/deadline.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"
#include "children/tests/scratch.hpp"

namespace kinora {
namespace {

using ::testing::StartsWith;

Task<void> take_and_note(Turns& turns, Urgency urgency, char name, std::string& order) {
  const auto turn = co_await turns.take(urgency);
  order += name;
}

Task<void> hold_while_others_come(Turns& turns, std::string& order) {
  TaskGroup group((co_await this_fiber).executor);
  const auto here = (co_await this_fiber).executor;
  {
    auto turn = co_await turns.take(Urgency::batch);
    group.spawn(take_and_note(turns, Urgency::batch, 'p', order), here);
    group.spawn(take_and_note(turns, Urgency::batch, 'p', order), here);
    group.spawn(take_and_note(turns, Urgency::person, 'q', order), here);
    for (int i = 0; i < 10; ++i) static_cast<void>(co_await pause_for(0ms));  // lets them come
  }
  co_await group.join();
}

TEST(LlamaTurns, GoToAPersonBeforeWorkThatWaits) {
  Turns turns;
  std::string order;

  testing::run(hold_while_others_come(turns, order));

  EXPECT_THAT(order, StartsWith("q"));
  EXPECT_EQ(order.size(), 3U);
}

TEST(LlamaHttp, TakesARepliesStatusAndBody) {
  const auto reply = parse_http_reply("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 2\r\n\r\n{}");

  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(reply->status, 503);
  EXPECT_EQ(reply->body, "{}");
}

TEST(LlamaHttp, RefusesWhatIsNoWholeReply) {
  for (const auto* bytes : {"", "HTTP/1.1", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0\r\n\r\n"})
    EXPECT_FALSE(parse_http_reply(bytes).has_value()) << bytes;
}

TEST(LlamaHttp, SaysThatNobodyListens) {
  const testing::ScratchFolder folder;

  const auto reply = testing::run(ask_over_unix(folder.path() / "none.sock", "/health", "", 1000));

  ASSERT_FALSE(reply.has_value());
  EXPECT_EQ(reply.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace kinora
