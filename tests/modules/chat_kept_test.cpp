#include <gmock/gmock.h>

#include "base/deadline.hpp"
#include "modules/chat/store.hpp"
#include "tests/modules/heard_library.hpp"

namespace kinora::chat {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

// Two sentences answer it, a line each.
const std::string question = "Which valve waters, which panel feeds?";

class Listening : public Listener {
 public:
  Task<Result<void>> started(Message reply) override {
    reply_ = std::move(reply);
    co_return {};
  }
  Task<Result<void>> searching() override { co_return {}; }
  Task<Result<void>> thinking() override { co_return {}; }
  Task<Result<void>> cited(Citation) override { co_return {}; }
  Task<Result<void>> said(std::string) override { co_return {}; }

 protected:
  Message reply_;
};

/// Does something when the search begins.
class Acting final : public Listening {
 public:
  explicit Acting(std::function<Task<Result<void>>(Message)> act) : act_(std::move(act)) {}
  Task<Result<void>> searching() override { return act_(reply_); }

 private:
  std::function<Task<Result<void>>(Message)> act_;
};

/// Ends the answer behind its first words.
class Leaving final : public Listening {
 public:
  explicit Leaving(ErrorKind why) : why_(why) {}
  Task<Result<void>> said(std::string text) override {
    if (!heard_.empty()) co_return fail(why_, "the client has gone");
    heard_ = std::move(text);
    co_return {};
  }
  const std::string& heard() const { return heard_; }

 private:
  ErrorKind why_;
  std::string heard_;
};

/// Ana asks a garden without a model.
class AskedGarden : public testing::HeardLibrary {
 protected:
  AskedGarden() : HeardLibrary([](const std::string&) { return testing::Scripted{.status = "400 Bad Request"}; }) {}

  Result<Exchange> ask_aloud(Listener& listener) {
    return testing::run(chats_.ask_aloud(ana_, chat_.id, {question}, listener));
  }
  std::vector<Message> messages() { return testing::run(chats_.messages(ana_, chat_.id, {})).value(); }
  std::int64_t version() { return testing::run(chats_.find(ana_, chat_.id)).value().version; }
  /// What a server that dies leaves of a question.
  Message left_behind() {
    Exchange exchange;
    exchange.question = {.id = world_.random.id<MessageId>(world_.clock), .chat = chat_.id, .content = question};
    exchange.reply = {.id = world_.random.id<MessageId>(world_.clock),
                      .chat = chat_.id,
                      .parent = exchange.question.id,
                      .role = Role::assistant,
                      .content = {},
                      .status = MessageStatus::streaming};
    EXPECT_TRUE(world_.write(begin_exchange, ana_.user, exchange, Circumstances{}));
    return exchange.reply;
  }

  VideoId video_ = hear(testing::garden());
  Chat chat_ = open_chat("Garden", {video_});
};

Task<Result<void>> look(Chats* chats, Caller who, Message reply, std::vector<Message>* seen) {
  *seen = co_await ok(chats->messages(who, reply.chat, {}));
  seen->push_back(co_await ok(chats->message(std::move(who), reply.id)));
  co_return {};
}

Task<Result<void>> look_at_chat(Chats* chats, Caller who, ChatId id, std::int64_t* version) {
  *version = (co_await ok(chats->find(std::move(who), id))).version;
  co_return {};
}

Task<Result<void>> stop(Chats* chats, Caller who, MessageId reply, std::optional<Message>* stopped) {
  *stopped = co_await ok(chats->cancel(std::move(who), reply));
  co_return {};
}

auto statuses(const std::vector<Message>& messages) {
  std::vector<MessageStatus> all;
  for (const auto& message : messages) all.push_back(message.status);
  return all;
}

TEST_F(AskedGarden, KeepsQuestionAndReplyFromTheStart) {
  std::vector<Message> seen;
  Acting listener([&](Message reply) { return look(&chats_, ana_, std::move(reply), &seen); });

  const auto exchange = ask_aloud(listener);

  ASSERT_TRUE(exchange);
  ASSERT_THAT(seen, SizeIs(3));
  EXPECT_EQ(seen[0].content, question);
  EXPECT_EQ(seen[1].id, exchange->reply.id);
  EXPECT_EQ(seen[2].status, MessageStatus::streaming);
  EXPECT_THAT(statuses(messages()), ElementsAre(MessageStatus::complete, MessageStatus::complete));
}

TEST_F(AskedGarden, HasAnotherVersionAtTheStartAndAtTheEndOfAnAnswer) {
  const auto before = version();
  std::int64_t meanwhile = 0;
  Acting listener([&](Message reply) { return look_at_chat(&chats_, ana_, reply.chat, &meanwhile); });

  ASSERT_TRUE(ask_aloud(listener));

  EXPECT_LT(before, meanwhile);
  EXPECT_LT(meanwhile, version());
}

TEST_F(AskedGarden, KeepsAsCancelledWhatWasHeardByAListenerThatLeft) {
  Leaving listener(ErrorKind::cancelled);

  EXPECT_FALSE(ask_aloud(listener));

  const auto kept = messages();
  ASSERT_THAT(statuses(kept), ElementsAre(MessageStatus::complete, MessageStatus::cancelled));
  EXPECT_EQ(kept[1].content, listener.heard());
  EXPECT_THAT(kept[1].citations, SizeIs(1));
}

TEST_F(AskedGarden, KeepsAsFailedWhatFailed) {
  Leaving listener(ErrorKind::unavailable);

  const auto exchange = ask_aloud(listener);

  ASSERT_FALSE(exchange);
  EXPECT_EQ(exchange.error().kind, ErrorKind::unavailable);
  EXPECT_THAT(statuses(messages()), ElementsAre(MessageStatus::complete, MessageStatus::failed));
}

TEST_F(AskedGarden, EndsAnAnswerWhoseTimeIsOver) {
  Acting listener([](Message) { return pause_for(1h); });

  const auto exchange = testing::run(within(50ms, chats_.ask_aloud(ana_, chat_.id, {question}, listener)));

  ASSERT_FALSE(exchange);
  EXPECT_EQ(exchange.error().kind, ErrorKind::timeout);
  EXPECT_THAT(statuses(messages()), ElementsAre(MessageStatus::complete, MessageStatus::failed));
}

TEST_F(AskedGarden, AnswersNobodyWhoseChatIsGone) {
  Acting listener([this](Message) { return chats_.remove(ana_, chat_.id); });

  const auto exchange = ask_aloud(listener);

  ASSERT_FALSE(exchange);
  EXPECT_EQ(exchange.error().kind, ErrorKind::not_found);
}

TEST_F(AskedGarden, EndsAfterAStartWhatAServerThatDiedWasAnswering) {
  ASSERT_TRUE(ask(chat_, question));
  const auto orphan = left_behind();

  EXPECT_EQ(testing::run(chats_.end_orphans()).value(), 1);

  const auto ended = testing::run(chats_.message(ana_, orphan.id)).value();
  EXPECT_EQ(ended.status, MessageStatus::failed);
  EXPECT_EQ(testing::run(chats_.end_orphans()).value(), 0);
}

TEST_F(AskedGarden, StopsNothingThatIsOver) {
  const auto reply = ask(chat_, question).value();

  const auto stopped = testing::run(chats_.cancel(ana_, reply.id));

  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().kind, ErrorKind::conflict);
  EXPECT_EQ(testing::run(chats_.message(ana_, reply.id)).value().status, MessageStatus::complete);
}

TEST_F(AskedGarden, ShowsTheReplyThatItStops) {
  std::optional<Message> stopped;
  Acting listener([&](Message reply) { return stop(&chats_, ana_, reply.id, &stopped); });

  const auto exchange = ask_aloud(listener);

  ASSERT_TRUE(exchange && stopped);
  EXPECT_EQ(stopped->id, exchange->reply.id);
  EXPECT_EQ(exchange->reply.status, MessageStatus::cancelled);
  EXPECT_THAT(exchange->reply.content, IsEmpty());
}

TEST_F(AskedGarden, SaysWhoWroteAnAnswer) { EXPECT_EQ(ask(chat_, question).value().model, "extractive"); }

TEST_F(AskedGarden, KeepsWhatAQuestionFollows) {
  const auto first = ask(chat_, question).value();
  world_.clock.pass(1s);

  const auto exchange = testing::run(chats_.ask(ana_, chat_.id, {.text = question, .parent = first.id}));

  EXPECT_EQ(exchange.value().question.parent, first.id);
  EXPECT_EQ(messages().at(2).parent, first.id);
}

}  // namespace
}  // namespace kinora::chat
