#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/language_model/open.hpp"
#include "adapters/language_model/tests/scripted_provider.hpp"
#include "base/deadline.hpp"
#include "base/tests/run.hpp"
#include "base/time.hpp"

namespace kinora {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::Scripted;
using testing::ScriptedProvider;
using testing::wrote;

const std::string key = "canary-of-a-key";

Result<std::string> ask(ScriptedProvider& provider, Prompt prompt = {}) {
  prompt.schema = R"({"type":"object"})";
  const auto model = open_remote_language_model({.url = provider.url(), .model = "big", .key = key});
  return testing::run(model->reply(std::move(prompt)));
}

/// What becomes of this reply.
Error error_of(Scripted reply, Prompt prompt = {}) {
  ScriptedProvider provider([&](const std::string&) { return reply; });
  const auto answer = ask(provider, std::move(prompt));
  EXPECT_FALSE(answer.has_value());
  const auto error = answer ? Error{} : answer.error();
  EXPECT_THAT(error.message, Not(HasSubstr(key)));
  return error;
}

TEST(RemoteLanguageModel, SendsTheOrderAsAChatCompletion) {
  ScriptedProvider provider([](const std::string&) { return wrote(R"({"title":"Tea"})"); });

  const auto answer = ask(provider, {.instructions = "Name it.", .material = "A \"text\"", .schema = {}, .tokens_max = 20});

  ASSERT_TRUE(answer.has_value()) << answer.error().message;
  EXPECT_EQ(*answer, R"({"title":"Tea"})");
  const auto sent = provider.requests().at(0);
  EXPECT_THAT(sent, HasSubstr("POST /v1/chat/completions "));
  EXPECT_THAT(sent, HasSubstr("Authorization: Bearer " + key));
  EXPECT_THAT(sent, HasSubstr(R"("model":"big")"));
  EXPECT_THAT(sent, HasSubstr(R"({"role":"system","content":"Name it."},{"role":"user","content":"A \"text\""})"));
  EXPECT_THAT(sent, HasSubstr(R"("max_tokens":20)"));
  EXPECT_THAT(sent, HasSubstr(R"("schema":{"type":"object"})"));
}

TEST(RemoteLanguageModel, WaitsAsLongAsItIsToldAndAsksAgain) {
  int asked = 0;
  ScriptedProvider provider([&](const std::string&) {
    return ++asked < 3 ? Scripted{.status = "429 Too Many Requests", .more_headers = "Retry-After: 0\r\n"} : wrote("{}");
  });

  EXPECT_TRUE(ask(provider).has_value());
  EXPECT_EQ(provider.requests().size(), 3U);
}

TEST(RemoteLanguageModel, GivesUpWhenItIsToldToWaitForLong) {
  const auto error = error_of({.status = "429 Too Many Requests", .more_headers = "Retry-After: 600\r\n"});

  EXPECT_EQ(error.kind, ErrorKind::rate_limited);
  EXPECT_EQ(error.retry_after, 600s);
}

TEST(RemoteLanguageModel, NeverRepeatsWhatAServiceSaysOfOurKey) {
  const auto error = error_of({.body = R"({"error":"wrong key )" + key + R"("})", .status = "401 Unauthorized"});

  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_THAT(error.message, HasSubstr("LLM_API_KEY"));
}

TEST(RemoteLanguageModel, IsUnavailableWhenTheServiceFails) {
  EXPECT_EQ(error_of({.body = "<html>", .status = "500 Internal Server Error"}).kind, ErrorKind::unavailable);
}

TEST(RemoteLanguageModel, DoesNotFollowARedirect) {
  ScriptedProvider provider([](const std::string&) {
    return Scripted{.status = "307 Temporary Redirect", .more_headers = "Location: /elsewhere\r\n"};
  });

  EXPECT_FALSE(ask(provider));
  EXPECT_EQ(provider.requests().size(), 1U);
}

TEST(RemoteLanguageModel, IsUnavailableWhenTheReplyIsCutOff) {
  auto half = wrote("{}");
  half.fault = Scripted::Fault::cut_off;

  EXPECT_EQ(error_of(half).kind, ErrorKind::unavailable);
}

TEST(RemoteLanguageModel, IsUnavailableWhenTheReplyIsNoCompletion) {
  for (const auto* body : {"", "no JSON", "[]", "{}", R"({"choices":[]})", R"({"choices":[{"message":{"content":null}}]})"})
    EXPECT_EQ(error_of({.body = body}).kind, ErrorKind::unavailable) << body;
}

TEST(RemoteLanguageModel, RefusesTextWithoutAnEnd) {
  EXPECT_EQ(error_of({.body = "{", .fault = Scripted::Fault::endless}).kind, ErrorKind::too_large);
  EXPECT_EQ(error_of(wrote("and so on and on", "length")).kind, ErrorKind::too_large);
}

TEST(RemoteLanguageModel, WaitsNoLongerThanItsLimit) {
  EXPECT_EQ(error_of({.fault = Scripted::Fault::silent}, {.limit = 100ms}).kind, ErrorKind::timeout);
}

Task<void> ask_in_vain(LanguageModel& model, Prompt prompt) {
  EXPECT_FALSE((co_await model.reply(std::move(prompt))).has_value());
}

/// What somebody hears who asks while this many others wait for a service that says nothing.
Task<Result<std::string>> ask_behind(LanguageModel& model, ScriptedProvider& provider, Urgency others, int count,
                                     Prompt prompt) {
  TaskGroup group((co_await this_fiber).executor);
  for (int at = 0; at < count; ++at)
    group.spawn(ask_in_vain(model, {.material = "silence", .schema = "{}", .limit = 10s, .urgency = others}));
  provider.wait_until_under_way(3);
  auto answer = co_await model.reply(std::move(prompt));
  group.stop();
  co_await group.join();
  co_return answer;
}
Result<std::string> asked_behind(Urgency others, int count, Prompt prompt) {
  ScriptedProvider provider([](const std::string& request) {
    return request.contains("silence") ? Scripted{.fault = Scripted::Fault::silent} : wrote("{}");
  });
  const auto model = open_remote_language_model({.url = provider.url(), .model = "big"});
  return testing::run(ask_behind(*model, provider, others, count, std::move(prompt)));
}

TEST(RemoteLanguageModel, AnswersAPersonWhileSummariesWaitForIt) {
  const auto answer = asked_behind(Urgency::batch, 20, {.schema = "{}", .limit = 5s, .urgency = Urgency::person});

  EXPECT_TRUE(answer.has_value()) << answer.error().message;
}

TEST(RemoteLanguageModel, WaitsNoLongerThanItsLimitForItsTurn) {
  const auto began = std::chrono::steady_clock::now();
  const auto answer = asked_behind(Urgency::person, 20, {.schema = "{}", .limit = 100ms, .urgency = Urgency::person});

  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::timeout);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

TEST(RemoteLanguageModel, RefusesAHeadWithoutAnEnd) {
  EXPECT_EQ(error_of({.fault = Scripted::Fault::endless_head}).kind, ErrorKind::unavailable);
}

TEST(RemoteLanguageModel, IsUnavailableWhenNothingOrSomethingElseIsSaid) {
  EXPECT_EQ(error_of({.fault = Scripted::Fault::gone}).kind, ErrorKind::unavailable);
  EXPECT_EQ(error_of({.fault = Scripted::Fault::no_http}).kind, ErrorKind::unavailable);
}

TEST(RemoteLanguageModel, WaitsNoLongerForAReplyThatDrips) {
  EXPECT_EQ(error_of({.body = "{", .fault = Scripted::Fault::dripping}, {.limit = 200ms}).kind, ErrorKind::timeout);
}

TEST(RemoteLanguageModel, SaysThatNobodyListens) {
  const auto model = open_remote_language_model({.url = "http://127.0.0.1:1/v1", .model = "big"});

  const auto answer = testing::run(model->reply({}));

  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().kind, ErrorKind::unavailable);
}

}  // namespace
}  // namespace kinora
