#include <gmock/gmock.h>

#include "modules/ai/outline.hpp"
#include "modules/chat/citations.hpp"
#include "tests/modules/heard_library.hpp"

namespace kinora {
namespace {

using namespace kinora::testing;
using Fault = Scripted::Fault;
using ::testing::HasSubstr;

const std::string question = "Which bed has a moisture probe?";

/// How a model's reply is no use, or does not come.
struct Broken {
  std::string_view name;
  Scripted reply;
  std::chrono::milliseconds patience{20'000};
};

std::string repeated(std::string_view text, int times) {
  std::string all;
  for (int at = 0; at < times; ++at) all += text;
  return all;
}

/// Ten thousand of everything that an order may ask for, none of it about the talk.
std::string ten_thousand() {
  const auto list = "[" + repeated(R"({"op":"delete","at":1e9},)", 10'000) + "{}]";
  return R"({"operations":)" + list + R"(,"sentences":[)" + repeated(R"("Buy now.",)", 10'000) + R"(""],"title":)" + list + "}";
}

const std::vector<Broken>& texts() {
  static const std::vector<Broken> all{
      {"nothing", wrote("")},
      {"spaces", wrote(repeated(" ", 100'000))},
      {"a refusal", wrote("I am sorry, but I cannot help with that.")},
      {"a refusal in form",
       wrote(R"({"quote":"","source":0,"answer":"I cannot.","sentences":["I cannot help."],"title":"No"})")},
      {"half of it", wrote(R"({"quote":"Every bed has a moisture pro)")},
      {"another language", wrote(R"({"quote":"每张床","source":1,"answer":"有。","sentences":["每张床。"],"title":"花园"})")},
      {"a time past the end", wrote(R"({"quote":"[99:59:59] At the end all is sold.","source":1,"answer":"At 99:59:59.",)"
                                    R"("sentences":["It ends at 99:59:59."],"title":"99:59:59"})")},
      {"ten thousand operations", wrote(ten_thousand())},
      {"only fields nobody asked for", wrote(R"({"delete":true,"url":"http://evil.example","sudo":{"rm":"-rf"}})")},
      {"a field twice", wrote(R"({"quote":"a","quote":"b","source":1,"answer":"","title":"a","title":"b","sentences":[]})")},
      {"bytes that are no text", {.body = "{\"choices\":[{\"message\":{\"content\":\"\xff\xfe\xc0\xaf\"}}]}"}},
      {"half a character", {.body = R"({"choices":[{"message":{"content":"\ud800"}}]})"}},
      {"zeros", {.body = std::string(1000, '\0')}},
      {"zeros in the words",
       wrote(R"({"quote":"\u0000\u0000","source":1,"answer":"\u0000","sentences":["\u0000"],"title":"\u0000"})")},
      {"a number beyond all numbers", wrote(R"({"quote":"a b c","source":)" + repeated("9", 100'000) + "}")},
      {"a number that is none", wrote(R"({"quote":"a b c","source":NaN,"answer":"","sentences":[NaN],"title":NaN})")},
      {"JSON that nests without end", wrote(repeated("[", 100'000))},
      {"an envelope that nests without end", {.body = repeated(R"({"choices":[)", 50'000)}},
      {"an envelope without a letter", {.body = R"({"choices":[]})"}},
      {"words that are cut at the limit", wrote(R"({"quote":"Every bed)", "length")},
      {"no JSON", {.body = "<html><body>Bad gateway</body></html>"}},
  };
  return all;
}

const std::vector<Broken>& services() {
  static const std::vector<Broken> all{
      {"failing", {.status = "500 Internal Server Error"}},
      {"full", {.status = "429 Too Many Requests", .more_headers = "Retry-After: 600\r\n"}},
      {"full for longer than there is time",
       {.status = "429 Too Many Requests", .more_headers = "Retry-After: 9223372036854775807\r\n"}},
      {"full for ever", {.status = "503 Service Unavailable", .more_headers = "Retry-After: 0\r\n"}},
      {"refusing the request", {.body = R"({"error":"bad"})", .status = "400 Bad Request"}},
      {"sending us elsewhere", {.status = "302 Found", .more_headers = "Location: http://127.0.0.1:1/\r\n"}},
      {"without an answer", {.status = "204 No Content"}},
      {"no HTTP", {.fault = Fault::no_http}},
      {"gone at once", {.fault = Fault::gone}},
      {"gone in the middle", {.body = R"({"choices":[{"mess)", .fault = Fault::cut_off}},
      {"endless", {.body = "{", .fault = Fault::endless}},
      {"endless in its head", {.fault = Fault::endless_head}},
      {"silent", {.fault = Fault::silent}, 200ms},
      {"dripping", {.body = "{", .fault = Fault::dripping}, 200ms},
  };
  return all;
}

/// Hears how an answer is told.
class Ear final : public chat::Listener {
 public:
  Task<Result<void>> started(chat::Message) override { co_return {}; }
  Task<Result<void>> searching() override { co_return {}; }
  Task<Result<void>> thinking() override { co_return {}; }
  Task<Result<void>> cited(chat::Citation) override { co_return {}; }
  Task<Result<void>> said(std::string text) override {
    heard += text;
    co_return {};
  }
  std::string heard;
};

/// A garden, and a model that is broken until it is mended.
class BrokenModel : public HeardLibrary {
 protected:
  BrokenModel() : HeardLibrary([this](const std::string& request) { return answer(request); }) {}

  void breaks(const Broken& how) {
    broken_ = &how;
    model_.wait_for(how.patience);
  }
  void is_mended() {
    broken_ = nullptr;
    model_.wait_for(20s);
  }
  void expect_quotes_alone(const chat::Message& reply) {
    EXPECT_EQ(reply.engine, chat::Engine::extractive);
    EXPECT_EQ(reply.status, chat::MessageStatus::complete);
    EXPECT_EQ(reply.content, "“Every bed has a moisture probe.” [1]");
  }
  /// Broken in each of these ways, then mended.
  void expect_an_answer_each_time(const std::vector<Broken>& ways) {
    for (const auto& how : ways) {
      SCOPED_TRACE(how.name);
      breaks(how);
      const auto whole = ask(chat_, question);
      Ear ear;
      const auto aloud = run(chats_.ask_aloud(ana_, chat_.id, {question}, ear));
      is_mended();
      const auto next = ask(chat_, question);

      ASSERT_TRUE(whole && aloud && next);
      expect_quotes_alone(*whole);
      expect_quotes_alone(aloud->reply);
      EXPECT_EQ(ear.heard, aloud->reply.content);
      EXPECT_EQ(next->engine, chat::Engine::remote);
    }
  }
  /// Broken in each of these ways, then mended.
  void expect_an_outline_each_time(const std::vector<Broken>& ways) {
    const auto quoted = ai::chapters_of(garden().segments());
    const auto summary = ai::summary_of(garden().transcript(), quoted);
    for (const auto& how : ways) {
      SCOPED_TRACE(how.name);
      breaks(how);
      EXPECT_THAT((work<ai::MakeChaptersWorker>(ai::MakeChapters{video_})), HasSubstr(R"("engine":"extractive")"));
      EXPECT_THAT((work<ai::SummariseWorker>(ai::Summarise{video_})), HasSubstr(R"("engine":"extractive")"));
      auto kept = world_.read(ai::chapters_of_video, video_).value();
      for (auto& chapter : kept) chapter.id = {};
      EXPECT_EQ(to_json(kept), to_json(quoted));
      EXPECT_EQ(world_.read(ai::find_summary, video_, std::string()).value()->text, summary.text);
    }
    is_mended();
    EXPECT_THAT((work<ai::MakeChaptersWorker>(ai::MakeChapters{video_})), HasSubstr(R"("engine":"remote")"));
    EXPECT_THAT((work<ai::SummariseWorker>(ai::Summarise{video_})), HasSubstr(R"("engine":"remote")"));
  }

  VideoId video_ = hear(garden());
  chat::Chat chat_ = open_chat("Garden", {video_});

 private:
  Scripted answer(const std::string& request) {
    const auto* broken = broken_.load();
    return broken != nullptr ? broken->reply : mended(request);
  }
  static Scripted mended(const std::string& request) {
    if (request.contains(R"("quote":)"))
      return wrote(R"({"quote":"Every bed has a moisture probe.","source":1,"answer":"Every bed has one."})");
    if (request.contains(R"("title":)")) return wrote(R"({"title":"Moisture probe and solar panel"})");
    return wrote(R"({"sentences":["Every bed has a moisture probe.","A valve waters the bed.",)"
                 R"("A solar panel feeds the battery.","The battery lasts for three days."]})");
  }

  std::atomic<const Broken*> broken_ = nullptr;
};

TEST_F(BrokenModel, ThatWritesNonsenseLeavesAnAnswerOfQuotes) { expect_an_answer_each_time(texts()); }

TEST_F(BrokenModel, WhoseServiceFailsLeavesAnAnswerOfQuotes) { expect_an_answer_each_time(services()); }

TEST_F(BrokenModel, ThatWritesNonsenseLeavesAnOutlineOfQuotes) { expect_an_outline_each_time(texts()); }

TEST_F(BrokenModel, WhoseServiceFailsLeavesAnOutlineOfQuotes) { expect_an_outline_each_time(services()); }

}  // namespace
}  // namespace kinora
