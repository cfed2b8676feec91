#include "api/v1/chats.hpp"

#include "api/shared/intake.hpp"
#include "api/shared/paging.hpp"
#include "http/conditions.hpp"
#include "http/problem.hpp"

namespace kinora::api::v1 {

namespace {

template <class SomeId>
Result<chat::Page<SomeId>> page_of(const Services& app, const Caller& caller, const http::Page& asked) {
  auto place = place_of<Birth<SomeId>>(app.cursors, caller, asked);
  if (!place) return std::unexpected(std::move(place.error()));
  chat::Page<SomeId> page{.limit = asked.limit + 1};
  if (*place) page.cursor = {(*place)->created_at(), (*place)->id};
  return page;
}

template <class View, class Item>
ListView<View> list_of(const Services& app, const Caller& caller, const http::Page& asked, std::vector<Item> items) {
  ListView<View> list{.has_more = cut_to_page(items, asked.limit)};
  for (const auto& item : items) list.data.push_back(view_of(item));
  if (list.has_more) list.next_cursor = cursor_of(app.cursors, caller, asked, birth_of(items.back()));
  return list;
}

Result<chat::ChatScope> scope_of(const OpenChat::Body::Scope& asked) {
  chat::ChatScope scope{.channel_id = asked.channel_id};
  if (asked.video_ids) scope.video_ids = *asked.video_ids;
  scope.all = scope.video_ids.empty() && !scope.channel_id;
  if (!asked.all || asked.all->value == scope.all) return scope;
  const auto* wrong =
      scope.all ? "must be true where no videos and no channel are named" : "must be false where some are named";
  return wrong_field("/body/scope", "all", "contradiction", wrong);
}

/// Errors: not_found (the chat), invalid (a parent that is none of its messages).
Task<Result<chat::Question>> question_of(Services& app, Caller caller, AskQuestion ask) {
  const auto& body = ask.body;
  const auto chat = co_await ok(app.chats.find(caller, ask.path.id));
  chat::Question question{.text = body.content, .parent = body.parent_id};
  if (body.current_time) question.circumstances.current_time = Seconds(body.current_time->value);
  if (body.emotion) question.circumstances.emotion = body.emotion->value;
  if (!body.parent_id) co_return question;
  const auto parent = co_await app.chats.message(std::move(caller), *body.parent_id);
  if (!parent || parent->chat != chat.id)
    co_return wrong_field("/body", "parent_id", "unknown", "must be a message of this chat");
  co_return question;
}

http::Created<ChatView> created(const chat::Chat& chat) { return {"/api/v1/chats/" + chat.id.text(), view_of(chat)}; }

http::Created<ExchangeView> created(const chat::Message& question, const chat::Message& reply) {
  return {"/api/v1/messages/" + reply.id.text(), {view_of(question), view_of(reply)}};
}

struct MessageEvent {
  MessageView message;
};
struct StatusEvent {
  std::string stage;
};
struct DeltaEvent {
  std::string text;
};
struct CitationEvent {
  CitationView citation;
};
struct ProblemEvent {
  boost::json::value problem;
};

template <class Data>
Task<Result<void>> send(http::EventSink& sink, std::string event, Data data) {
  http::ServerEvent made{.event = std::move(event), .data = to_json(data)};
  return sink.send(std::move(made));
}

/// Tells the client what the answer tells.
class Told final : public chat::Listener {
 public:
  explicit Told(http::EventSink& sink) : sink_(sink) {}
  Task<Result<void>> started(chat::Message reply) override {
    return send(sink_, "message.started", MessageEvent{view_of(reply)});
  }
  Task<Result<void>> searching() override { return send(sink_, "status", StatusEvent{"searching"}); }
  Task<Result<void>> thinking() override { return send(sink_, "status", StatusEvent{"thinking"}); }
  Task<Result<void>> cited(chat::Citation citation) override {
    return send(sink_, "citation", CitationEvent{view_of(citation)});
  }
  Task<Result<void>> said(std::string text) override { return send(sink_, "delta", DeltaEvent{std::move(text)}); }

 private:
  http::EventSink& sink_;
};

Task<Result<void>> tell_problem(http::EventSink& sink, Error error, http::Occurrence of) {
  const auto problem = http::problem_of(std::move(error), std::move(of), http::ErrorTexts::generic);
  const auto reply = http::ProblemJson().render(problem);
  auto shown = co_await ok(parse_json(std::get<std::string>(reply.body)));
  co_return co_await send(sink, "error", ProblemEvent{std::move(shown)});
}

struct Asked {
  ChatId chat{};
  chat::Question question;
  http::Occurrence of;
};
Task<Result<void>> answer_aloud(Services* app, Caller caller, Asked asked, http::EventSink& sink) {
  Told told(sink);
  auto exchange = co_await app->chats.ask_aloud(std::move(caller), asked.chat, std::move(asked.question), told);
  if (exchange) co_return co_await send(sink, "message.completed", MessageEvent{view_of(exchange->reply)});
  co_return co_await tell_problem(sink, std::move(exchange.error()), std::move(asked.of));
}

}  // namespace

Task<Result<http::Created<ChatView>>> open_chat(Services& app, Caller caller, OpenChat ask) {
  auto scope = co_await ok(scope_of(ask.body.scope.value_or(OpenChat::Body::Scope{})));
  auto title = ask.body.title ? ask.body.title->value : std::string();
  const auto chat = co_await ok(app.chats.open(std::move(caller), std::move(title), std::move(scope)));
  co_return created(chat);
}

Task<Result<http::Created<ChatView>>> opened_chat(Services& app, Caller caller, ChatId id) {
  co_return created(co_await ok(app.chats.find(std::move(caller), id)));
}

Task<Result<http::WithHeaders<ChatView>>> show_chat(Services& app, Caller caller, OneChat ask) {
  const auto chat = co_await ok(app.chats.find(std::move(caller), ask.path.id));
  co_return http::with_version(view_of(chat), chat.version);
}

Task<Result<ListView<ChatView>>> list_chats(Services& app, Caller caller, ListChats ask) {
  const auto page = co_await ok(page_of<ChatId>(app, caller, ask.query.page));
  auto chats = co_await ok(app.chats.list(caller, page));
  co_return list_of<ChatView>(app, caller, ask.query.page, std::move(chats));
}

Task<Result<http::WithHeaders<ChatView>>> change_chat(Services& app, Caller caller, ChangeChat ask) {
  chat::ChatChange change{.if_version = std::move(ask.match.versions)};
  if (ask.body.title) change.title = ask.body.title->value;
  if (ask.body.scope || ask.body.scope.was_null)
    change.scope = co_await ok(scope_of(ask.body.scope.value_or(OpenChat::Body::Scope{})));
  const auto chat = co_await ok(app.chats.change(std::move(caller), ask.path.id, std::move(change)));
  co_return http::with_version(view_of(chat), chat.version);
}

Task<Result<http::NoContent>> delete_chat(Services& app, Caller caller, OneChat ask) {
  co_await ok(app.chats.remove(std::move(caller), ask.path.id));
  co_return http::NoContent{};
}

Task<Result<ListView<MessageView>>> list_messages(Services& app, Caller caller, ListMessages ask) {
  const auto page = co_await ok(page_of<MessageId>(app, caller, ask.query.page));
  auto messages = co_await ok(app.chats.messages(caller, ask.path.id, page));
  co_return list_of<MessageView>(app, caller, ask.query.page, std::move(messages));
}

Task<Result<MessageView>> show_message(Services& app, Caller caller, OneMessage ask) {
  co_return view_of(co_await ok(app.chats.message(std::move(caller), ask.path.id)));
}

Task<Result<http::Accepted<MessageView>>> cancel_message(Services& app, Caller caller, OneMessage ask) {
  co_return http::Accepted<MessageView>{view_of(co_await ok(app.chats.cancel(std::move(caller), ask.path.id)))};
}

Task<Result<std::variant<http::Created<ExchangeView>, http::EventStream>>> ask_question(Services& app, Caller caller,
                                                                                        AskQuestion ask) {
  const bool aloud = http::has_member(ask.head.header("Accept").value_or(""), "text/event-stream");
  const auto chat = ask.path.id;
  http::Occurrence of{std::string(ask.head.path()), caller.request_id, std::string(ask.head.traceparent())};
  // What is wrong from the start is told by the status, not inside the stream.
  auto question = co_await ok(question_of(app, caller, std::move(ask)));
  if (aloud) {
    Asked asked{chat, std::move(question), std::move(of)};
    co_return http::EventStream{[app = &app, caller = std::move(caller), asked = std::move(asked)](http::EventSink& sink) {
      return answer_aloud(app, caller, asked, sink);
    }};
  }
  const auto exchange = co_await ok(app.chats.ask(std::move(caller), chat, std::move(question)));
  co_return created(exchange.question, exchange.reply);
}

Task<Result<http::Created<ExchangeView>>> answered_question(Services& app, Caller caller, MessageId reply_id) {
  const auto reply = co_await ok(app.chats.message(caller, reply_id));
  const auto question = co_await ok(app.chats.message(std::move(caller), reply.parent.value_or(reply_id)));
  co_return created(question, reply);
}

}  // namespace kinora::api::v1
