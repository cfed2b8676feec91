#include "modules/chat/chat.hpp"

#include <algorithm>

#include "base/deadline.hpp"
#include "modules/chat/citations.hpp"
#include "modules/chat/extractive.hpp"
#include "modules/chat/generative.hpp"
#include "modules/chat/store.hpp"

namespace kinora::chat {

namespace {

constexpr std::size_t moments_read = 12;
constexpr std::int64_t erased_at_once = 100;
constexpr double shared_words_least = 0.5;
constexpr std::chrono::seconds ending_limit{10};

std::unexpected<Error> no_such_message(MessageId id) { return fail(ErrorKind::not_found, "there is no message " + id.text()); }

class Silence final : public Listener {
  Task<Result<void>> started(Message) override { co_return {}; }
  Task<Result<void>> searching() override { co_return {}; }
  Task<Result<void>> thinking() override { co_return {}; }
  Task<Result<void>> cited(Citation) override { co_return {}; }
  Task<Result<void>> said(std::string) override { co_return {}; }
};

/// What is told at once: a line, and the citations whose markers stand in it.
struct Part {
  std::string text;
  std::vector<Citation> citations{};
};
std::vector<Part> parts_of(Answer answer) {
  std::vector<Part> parts;
  for (std::size_t at = 0; at < answer.text.size();) {
    const auto end = std::min(answer.text.find('\n', at), answer.text.size() - 1) + 1;
    Part part{answer.text.substr(at, end - at)};
    const auto is_cited = [&](const Citation& each) { return part.text.contains("[" + std::to_string(each.index) + "]"); };
    std::ranges::copy_if(answer.citations, std::back_inserter(part.citations), is_cited);
    std::erase_if(answer.citations, is_cited);  // told once, however often it is pointed at
    parts.push_back(std::move(part));
    at = end;
  }
  return parts;
}

Task<Result<void>> begin(Transaction tx, UserId owner, Exchange exchange, Circumstances circumstances, jobs::EventLog* events) {
  const auto question = exchange.question.id;
  co_await ok(begin_exchange(tx, owner, std::move(exchange), std::move(circumstances)));
  co_return co_await events->publish(tx, {"chat.message", question.uuid, owner});
}

Task<Result<Message>> finish(Transaction tx, UserId owner, Message reply, std::vector<CitationId> citations,
                             jobs::EventLog* events) {
  auto kept = co_await ok(end_reply(tx, std::move(reply), std::move(citations)));
  co_await ok(events->publish(tx, {"chat.message", kept.id.uuid, owner}));
  co_return kept;
}

}  // namespace

Task<Result<Chat>> Chats::open(Caller caller, std::string title, ChatScope scope) {
  co_await ok(require_visible(caller, scope));
  if (title.empty()) title = "New chat";
  const auto id = random_.id<ChatId>(clock_);
  co_return co_await database_.transact(caller, insert_chat, id, caller.user, std::move(title), std::move(scope));
}

Task<Result<void>> Chats::require_visible(Caller caller, ChatScope scope) {
  for (const auto video : scope.video_ids) co_await ok(media_.find(caller, video));
  if (!scope.channel_id) co_return {};
  const auto videos = co_await ok(media_.findable(std::move(caller), {.channel = scope.channel_id}));
  if (videos.empty()) co_return fail(ErrorKind::not_found, "there is no channel " + scope.channel_id->text());
  co_return {};
}

Task<Result<Chat>> Chats::find(Caller caller, ChatId id) {
  auto chat = co_await ok(database_.read(caller, find_chat, id));
  if (!chat || chat->owner != caller.user) co_return fail(ErrorKind::not_found, "there is no chat " + id.text());
  co_return *std::move(chat);
}

Task<Result<std::vector<Chat>>> Chats::list(Caller caller, Page<ChatId> page) {
  const auto owner = caller.user;
  return database_.read(std::move(caller), list_chats, owner, page);
}

Task<Result<Chat>> Chats::change(Caller caller, ChatId id, ChatChange change) {
  const auto chat = co_await ok(find(caller, id));
  if (change.scope) co_await ok(require_visible(caller, *change.scope));
  co_return co_await database_.transact(std::move(caller), change_chat, chat.id, std::move(change));
}

Task<Result<void>> Chats::remove(Caller caller, ChatId id) {
  const auto chat = co_await ok(find(caller, id));
  co_return co_await database_.transact(std::move(caller), delete_chat, chat.id);
}

Task<Result<void>> Chats::erase(Caller caller, UserId owner) {
  while (co_await ok(database_.transact(caller, delete_chats_of, owner, erased_at_once)) > 0) continue;
  co_return {};
}

Task<Result<std::vector<Message>>> Chats::messages(Caller caller, ChatId id, Page<MessageId> page) {
  const auto chat = co_await ok(find(caller, id));
  co_return co_await database_.scan(std::move(caller), messages_of, chat.id, page);
}

Task<Result<Message>> Chats::message(Caller caller, MessageId id) {
  auto message = co_await ok(database_.read(caller, find_message, id));
  if (!message) co_return no_such_message(id);
  const auto chat = co_await find(std::move(caller), message->chat);
  if (!chat) co_return no_such_message(id);
  co_return *std::move(message);
}

Task<Result<Exchange>> Chats::ask(Caller caller, ChatId id, Question question) {
  Silence silence;
  co_return co_await ask_aloud(std::move(caller), id, std::move(question), silence);
}

/// Holds a reply among those under way.
class Chats::Announced {
 public:
  Announced(Chats& chats, MessageId reply, UserId owner) : chats_(chats), reply_(reply) {
    chats_.under_way_.with([&](auto& replies) { replies.emplace(reply, UnderWay{owner}); });
  }
  Announced(const Announced&) = delete;
  ~Announced() {
    chats_.under_way_.with([&](auto& replies) { replies.erase(reply_); });
  }

 private:
  Chats& chats_;
  MessageId reply_;
};

Task<Result<Exchange>> Chats::ask_aloud(Caller caller, ChatId id, Question question, Listener& listener) {
  auto chat = co_await ok(find(caller, id));
  auto exchange = begun(chat.id, question);
  auto& reply = exchange.reply;
  const Announced announced(*this, reply.id, caller.user);
  co_await ok(database_.transact(caller, begin, caller.user, exchange, std::move(question.circumstances), &events_));
  const auto told = co_await tell(caller, std::move(chat), exchange.question.content, reply, listener);
  if (!told) reply.status = told.error().kind == ErrorKind::cancelled ? MessageStatus::cancelled : MessageStatus::failed;
  auto ended = co_await end(caller.user, reply);
  if (!told) co_return std::unexpected(told.error());
  reply = co_await ok(std::move(ended));
  co_return exchange;
}

Exchange Chats::begun(ChatId chat, const Question& question) {
  Exchange exchange;
  const auto now = clock_.now();
  exchange.question = {.id = random_.id<MessageId>(clock_),
                       .chat = chat,
                       .parent = question.parent,
                       .content = question.text,
                       .created_at = now,
                       .updated_at = now};
  exchange.reply = {.id = random_.id<MessageId>(clock_),
                    .chat = chat,
                    .parent = exchange.question.id,
                    .role = Role::assistant,
                    .content = {},
                    .status = MessageStatus::streaming,
                    .created_at = now + 1us,  // behind the question
                    .updated_at = now + 1us};
  return exchange;
}

Task<Result<void>> Chats::tell(Caller caller, Chat chat, std::string question, Message& reply, Listener& listener) {
  co_await ok(listener.started(reply));
  co_await ok(listener.searching());
  auto answered = co_await ok(answer(std::move(caller), std::move(chat), std::move(question), listener));
  reply.engine = answered.engine;
  reply.model = answered.engine == Engine::extractive ? ai::WriterInfo{}.model : model_.model();
  reply.confidence = answered.confidence;
  for (auto& part : parts_of(std::move(answered))) {
    if (is_cancelled(reply.id)) {
      reply.status = MessageStatus::cancelled;
      co_return {};
    }
    for (const auto& citation : part.citations) co_await ok(listener.cited(citation));
    co_await ok(listener.said(part.text));
    reply.content += part.text;
    std::ranges::move(part.citations, std::back_inserter(reply.citations));
  }
  reply.status = MessageStatus::complete;
  co_return {};
}

/// Also when its time is over, or who asked has gone.
Task<Result<Message>> Chats::end(UserId owner, Message reply) {
  const Shield shield(co_await this_fiber);
  std::vector<CitationId> ids;
  for (std::size_t at = 0; at < reply.citations.size(); ++at) ids.push_back(random_.id<CitationId>(clock_));
  auto ending = database_.transact(Caller::system("chat"), finish, owner, std::move(reply), std::move(ids), &events_);
  co_return co_await within(ending_limit, std::move(ending));
}

Task<Result<std::int64_t>> Chats::end_orphans() { return database_.transact(Caller::system("chat"), end_streaming); }

bool Chats::is_cancelled(MessageId reply) {
  return under_way_.with([&](auto& replies) { return replies.at(reply).cancelled; });
}

Task<Result<Message>> Chats::cancel(Caller caller, MessageId id) {
  const bool was_under_way = under_way_.with([&](auto& replies) {
    const auto found = replies.find(id);
    if (found == replies.end() || found->second.owner != caller.user) return false;
    return found->second.cancelled = true;
  });
  auto reply = co_await ok(message(std::move(caller), id));
  if (!was_under_way) co_return fail(ErrorKind::conflict, "the message " + id.text() + " is over; there is nothing to stop");
  co_return reply;
}

Task<Result<Answer>> Chats::answer(Caller caller, Chat chat, std::string question, Listener& listener) {
  search::Query query{.text = question, .limit = moments_read};
  if (!chat.scope.all) query.videos = chat.scope.video_ids;
  query.channel = chat.scope.channel_id;
  const auto moments = co_await ok(search_.find(caller, std::move(query)));
  const auto quotes = best_quotes(moments);
  const auto confidence = co_await ok(confidence_in(question, quotes));
  if (!confidence) co_return co_await refuse(std::move(caller), moments);
  const auto transcripts = co_await ok(transcripts_behind(caller, quotes));
  auto answer = co_await ok(written(std::move(question), moments, transcripts, listener));
  if (!answer) answer = quote_answer(quotes, transcripts, *confidence);
  answer->confidence = *confidence;
  co_return checked(*std::move(answer), transcripts);
}

/// A model that fails in any way costs only its sentence: the quotes are there.
Task<Result<std::optional<Answer>>> Chats::written(std::string question, std::vector<search::Moment> moments,
                                                   std::vector<ai::Transcript> transcripts, Listener& listener) {
  if (!can_answer(model_, transcripts)) co_return std::nullopt;
  co_await ok(listener.thinking());
  const auto asked = asked_of(std::move(question), moments, transcripts);
  auto prompt = prompt_for(asked, transcripts.front().language);
  prompt.limit = patience_for_a_model_;
  const auto reply = co_await model_.reply(std::move(prompt));
  if (!reply && reply.error().kind == ErrorKind::cancelled) co_return std::unexpected(reply.error());
  auto answer = reply ? answer_from(*reply, asked, transcripts) : std::nullopt;
  if (answer) answer->engine = model_.place() == ModelPlace::remote ? Engine::remote : Engine::local_llm;
  co_return answer;
}

/// Says what the video is about instead, when it is plain which one was meant and it was summarised.
Task<Result<Answer>> Chats::refuse(Caller caller, std::vector<search::Moment> moments) {
  const auto of_first = [&](const search::Moment& moment) { return moment.video == moments.front().video; };
  if (moments.empty() || !std::ranges::all_of(moments, of_first)) co_return refusal({});
  auto video = co_await ok(media_.find(caller, moments.front().video));
  const auto summary = co_await ai_.summary(std::move(caller), std::move(video));
  co_return refusal(summary.value_or(ai::Summary{}));
}

Task<Result<std::optional<double>>> Chats::confidence_in(std::string question, std::vector<Quote> quotes) {
  if (quotes.empty()) co_return std::nullopt;
  const auto& best = quotes.front();
  const auto evidence = co_await search_.evidence(std::move(question), best.text, best.language);
  if (!evidence && evidence.error().kind == ErrorKind::cancelled) co_return std::unexpected(evidence.error());
  // Without vectors the fit is the share of the question's words that the quote has.
  const auto surplus = evidence ? *evidence - search::evidence_least : best.fit - shared_words_least;
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
