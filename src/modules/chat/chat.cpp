#include "modules/chat/chat.hpp"

#include <algorithm>

#include "modules/chat/citations.hpp"
#include "modules/chat/extractive.hpp"
#include "modules/chat/store.hpp"

namespace kinora::chat {

namespace {

constexpr std::size_t moments_read = 12;
// Below this a question is not answered: docs/adr/0018-a-second-look.md.
constexpr double evidence_least = -0.1;
constexpr double shared_words_least = 0.5;

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
  const auto quotes = best_quotes(moments);
  const auto confidence = co_await ok(confidence_in(std::move(question), quotes));
  if (!confidence) co_return refusal();
  const auto transcripts = co_await ok(transcripts_behind(caller, quotes));
  co_return checked(quote_answer(quotes, transcripts, *confidence), transcripts);
}

Task<Result<std::optional<double>>> Chats::confidence_in(std::string question, std::vector<Quote> quotes) {
  if (quotes.empty()) co_return std::nullopt;
  std::vector<std::string> texts;
  for (const auto& quote : quotes) texts.push_back(quote.text);
  const auto evidence = co_await search_.evidence(std::move(question), std::move(texts));
  if (!evidence && evidence.error().kind == ErrorKind::cancelled) co_return std::unexpected(evidence.error());
  // Without vectors the fit is the share of the question's words that the quote has.
  const auto surplus = evidence ? *evidence - evidence_least : quotes.front().fit - shared_words_least;
  if (surplus < 0) co_return std::nullopt;
  co_return std::min(0.5 + surplus, 1.0);
}

Task<Result<std::vector<ai::Transcript>>> Chats::transcripts_behind(Caller caller, std::vector<Quote> quotes) {
  std::vector<ai::Transcript> transcripts;
  for (const auto& quote : quotes) {
    if (std::ranges::find(transcripts, quote.video, &ai::Transcript::video) != transcripts.end()) continue;
    auto video = co_await ok(media_.find(caller, quote.video));
    transcripts.push_back(co_await ok(ai_.transcript(caller, std::move(video))));
  }
  co_return transcripts;
}

}  // namespace kinora::chat
