#include "modules/chat/chat.hpp"

#include <algorithm>

#include "modules/chat/citations.hpp"
#include "modules/chat/extractive.hpp"
#include "modules/chat/store.hpp"

namespace kinora::chat {

namespace {

// Enough for the mean of the pool to mean something; only the best few are quoted.
constexpr std::size_t moments_read = 12;

}  // namespace

Task<Result<Chat>> Chats::open(Caller caller, std::string title, ChatScope scope) {
  for (const auto video : scope.video_ids) co_await ok(media_.find(caller, video));
  if (title.empty()) title = "New chat";
  const auto id = random_.id<ChatId>(clock_);
  co_return co_await database_.transact(caller, insert_chat, id, caller.user, std::move(title), std::move(scope));
}

Task<Result<Chat>> Chats::find(Caller caller, ChatId id) {
  auto chat = co_await ok(database_.read(caller, find_chat, id));
  if (!chat || chat->owner != caller.user) co_return fail(ErrorKind::not_found, "there is no chat " + id.text());
  co_return *std::move(chat);
}

Task<Result<std::vector<Message>>> Chats::messages(Caller caller, ChatId id) {
  const auto chat = co_await ok(find(caller, id));
  co_return co_await database_.scan(caller, messages_of, chat.id);
}

Task<Result<Exchange>> Chats::ask(Caller caller, ChatId id, std::string question) {
  auto chat = co_await ok(find(caller, id));
  const auto asked_at = clock_.now();
  auto answered = co_await ok(answer(caller, chat, question));

  Exchange exchange;
  exchange.question = {
      .id = random_.id<MessageId>(clock_), .chat = chat.id, .content = std::move(question), .created_at = asked_at};
  exchange.reply = {.id = random_.id<MessageId>(clock_),
                    .chat = chat.id,
                    .parent = exchange.question.id,
                    .role = Role::assistant,
                    .content = std::move(answered.text),
                    .engine = answered.engine,
                    .confidence = answered.confidence,
                    .created_at = std::max(clock_.now(), asked_at + 1us),
                    .citations = std::move(answered.citations)};
  std::vector<CitationId> ids;
  for (std::size_t at = 0; at < exchange.reply.citations.size(); ++at) ids.push_back(random_.id<CitationId>(clock_));
  co_return co_await database_.transact(caller, insert_exchange, caller.user, exchange, ids);
}

Task<Result<Answer>> Chats::answer(Caller caller, Chat chat, std::string question) {
  search::Query query{.text = question, .limit = moments_read};
  if (!chat.scope.all) query.videos = chat.scope.video_ids;
  const auto moments = co_await ok(search_.find(caller, std::move(query)));
  const auto transcripts = co_await ok(transcripts_behind(caller, moments));
  co_return checked(quote_answer(std::move(question), moments, transcripts), transcripts);
}

Task<Result<std::vector<ai::Transcript>>> Chats::transcripts_behind(Caller caller, std::vector<search::Moment> moments) {
  std::vector<ai::Transcript> transcripts;
  for (const auto& moment : moments) {
    if (std::ranges::find(transcripts, moment.video, &ai::Transcript::video) != transcripts.end()) continue;
    auto video = co_await ok(media_.find(caller, moment.video));
    transcripts.push_back(co_await ok(ai_.transcript(caller, std::move(video))));
  }
  co_return transcripts;
}

}  // namespace kinora::chat
