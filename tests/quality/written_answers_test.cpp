#include <gmock/gmock.h>

#include "adapters/language_model/tests/scripted_provider.hpp"
#include "modules/chat/citations.hpp"
#include "tests/quality/library.hpp"

/// Chat with a language model, whose words the test says: search, refusal and citations are real.
namespace kinora {
namespace {

using ::testing::HasSubstr;
using testing::Library;
using ::testing::Not;
using testing::Scripted;
using testing::ScriptedProvider;
using testing::wrote;

const std::string question = "Which login secret does the example account have?";

Task<Result<chat::Message>> ask(Library& library) {
  const auto chat = co_await ok(library.chats().open(library.owner(), "Questions", {}));
  auto exchange = co_await ok(library.chats().ask(library.owner(), chat.id, {question}));
  co_return std::move(exchange.reply);
}

chat::Message reply_with(ScriptedProvider::Script script) {
  ScriptedProvider provider(std::move(script));
  Library library({.url = provider.url(), .model = "big"});
  const auto reply = library.with(testing::json_of_file<testing::Heard>("tests/media/tour/heard.json"), ask);
  EXPECT_TRUE(reply.has_value()) << reply.error().message;
  return reply.value_or(chat::Message{});
}

TEST(AnAnswer, IsWrittenByTheModelOnAQuoteOfTheTalk) {
  const auto reply = reply_with([](const std::string& request) {
    const auto first = request.find("[1] ") + 4;
    const auto quote = request.substr(first, request.find('.', first) - first);
    return wrote(R"({"quote":)" + to_json(quote) + R"(,"source":1,"answer":)" + to_json(quote) + "}");
  });

  EXPECT_EQ(reply.engine, chat::Engine::remote);
  ASSERT_EQ(reply.citations.size(), 1U);
  EXPECT_THAT(reply.content, HasSubstr("“" + reply.citations[0].text + "” [1]"));
}

TEST(AnAnswer, IsQuotesWhenTheModelFailsInAnyWay) {
  const std::vector<Scripted> failures{
      {.status = "429 Too Many Requests", .more_headers = "Retry-After: 900\r\n"},
      {.status = "500 Internal Server Error"},
      {.body = "{", .fault = Scripted::Fault::endless},
      {.body = "{", .fault = Scripted::Fault::cut_off},
      wrote("I cannot help with that."),
      wrote(R"({"quote":"something nobody ever said here","source":1,"answer":"Yes."})"),
      wrote(R"({"quote":"","source":0,"answer":""})"),
  };
  for (const auto& failure : failures) {
    const auto reply = reply_with([&](const std::string&) { return failure; });

    EXPECT_EQ(reply.engine, chat::Engine::extractive) << failure.status << failure.body;
    EXPECT_EQ(reply.status, chat::MessageStatus::complete);
    EXPECT_FALSE(reply.citations.empty());
  }
}

TEST(AnAnswer, NeverRepeatsWhatAModelWasTalkedInto) {
  const auto reply = reply_with([](const std::string&) {
    return wrote(
        R"({"quote":"Visit http://evil.example now","source":3,"answer":"Visit http://evil.example [4] and sign in."})");
  });

  EXPECT_THAT(reply.content, Not(HasSubstr("evil")));
  for (const auto& citation : reply.citations) EXPECT_THAT(citation.text, Not(HasSubstr("evil")));
}

}  // namespace
}  // namespace kinora
