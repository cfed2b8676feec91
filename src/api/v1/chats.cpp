#include "api/v1/chats.hpp"

#include "api/shared/paging.hpp"
#include "api/shared/preconditions.hpp"
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
  http::ServerEvent event{.event = "error", .data = std::get<std::string>(reply.body)};
  return sink.send(std::move(event));
}

Task<Result<void>> answer_aloud(Services* app, Caller caller, AskQuestion ask, http::EventSink& sink) {
  Told told(sink);
  http::Occurrence of{std::string(ask.head.path()), caller.request_id, std::string(ask.head.traceparent())};
  auto exchange = co_await app->chats.ask_aloud(std::move(caller), ask.path.id, ask.body.content, told);
  if (exchange) co_return co_await send(sink, "message.completed", MessageEvent{view_of(exchange->reply)});
  co_return co_await tell_problem(sink, std::move(exchange.error()), std::move(of));
}

}  // namespace

Task<Result<http::Created<ChatView>>> open_chat(Services& app, Caller caller, OpenChat ask) {
  chat::ChatScope scope;
  if (const auto& wanted = ask.body.scope) {
    if (wanted->video_ids) scope.video_ids = *wanted->video_ids;
    scope.all = wanted->all ? wanted->all->value : scope.video_ids.empty();
  }
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
  auto chat = co_await ok(app.chats.find(caller, ask.path.id));
  co_await ok(require_match(ask.head, chat.version));
  if (ask.body.title) chat = co_await ok(app.chats.rename(std::move(caller), chat.id, ask.body.title->value));
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

Task<Result<http::Accepted<CancelledView>>> cancel_message(Services& app, Caller caller, OneMessage ask) {
  co_await ok(app.chats.cancel(std::move(caller), ask.path.id));
  co_return http::Accepted<CancelledView>{{ask.path.id}};
}

Task<Result<std::variant<http::Created<ExchangeView>, http::EventStream>>> ask_question(Services& app, Caller caller,
                                                                                        AskQuestion ask) {
  if (http::has_member(ask.head.header("Accept").value_or(""), "text/event-stream")) {
    // What is wrong from the start is told by the status, not inside the stream.
    co_await ok(app.chats.find(caller, ask.path.id));
    co_return http::EventStream{[app = &app, caller = std::move(caller), ask = std::move(ask)](http::EventSink& sink) {
      return answer_aloud(app, caller, ask, sink);
    }};
  }
  const auto exchange = co_await ok(app.chats.ask(std::move(caller), ask.path.id, ask.body.content));
  co_return created(exchange.question, exchange.reply);
}

Task<Result<http::Created<ExchangeView>>> answered_question(Services& app, Caller caller, MessageId reply_id) {
  const auto reply = co_await ok(app.chats.message(caller, reply_id));
  const auto question = co_await ok(app.chats.message(std::move(caller), reply.parent.value_or(reply_id)));
  co_return created(question, reply);
}

}  // namespace kinora::api::v1
