#include "api/v1/chats.hpp"

#include "api/shared/paging.hpp"
#include "http/problem.hpp"

namespace kinora::api::v1 {

namespace {

template <class SomeId>
Result<chat::Page<SomeId>> page_of(const http::Page& asked) {
  // One more than is shown tells whether there are more.
  chat::Page<SomeId> page{.limit = asked.limit + 1};
  if (!asked.cursor) return page;
  auto cursor = parse_cursor<SomeId>(*asked.cursor);
  if (!cursor) return std::unexpected(std::move(cursor.error()));
  page.cursor = *cursor;
  return page;
}

template <class View, class Item>
ListView<View> list_of(const std::vector<Item>& items, std::size_t limit) {
  ListView<View> list;
  for (const auto& item : items) {
    if (list.data.size() == limit) {
      list.has_more = true;
      list.next_cursor = cursor_of(list.data.back().created_at, list.data.back().id);
      break;
    }
    list.data.push_back(view_of(item));
  }
  return list;
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
  Task<Result<void>> cited(chat::Citation citation) override {
    return send(sink_, "citation", CitationEvent{view_of(citation)});
  }
  Task<Result<void>> said(std::string text) override { return send(sink_, "delta", DeltaEvent{std::move(text)}); }

 private:
  http::EventSink& sink_;
};

Task<Result<void>> tell_problem(http::EventSink& sink, Error error, std::string instance, std::string request_id) {
  const auto problem =
      http::problem_of(std::move(error), std::move(instance), std::move(request_id), http::ErrorTexts::generic);
  const auto reply = http::ProblemJson().render(problem);
  http::ServerEvent event{.event = "error", .data = std::get<std::string>(reply.body)};
  return sink.send(std::move(event));
}

Task<Result<void>> answer_aloud(Services* app, Caller caller, AskQuestion ask, http::EventSink& sink) {
  Told told(sink);
  auto request_id = caller.request_id;
  auto exchange = co_await app->chats.ask_aloud(std::move(caller), ask.path.id, ask.body.content, told);
  if (exchange) co_return co_await send(sink, "message.completed", MessageEvent{view_of(exchange->reply)});
  auto instance = "/api/v1/chats/" + ask.path.id.text() + "/messages";
  co_return co_await tell_problem(sink, std::move(exchange.error()), std::move(instance), std::move(request_id));
}

}  // namespace

Task<Result<http::Created<ChatView>>> open_chat(Services& app, Caller caller, OpenChat ask) {
  chat::ChatScope scope;
  if (ask.body.scope && ask.body.scope->video_ids) {
    scope.video_ids = *ask.body.scope->video_ids;
    scope.all = scope.video_ids.empty();
  }
  auto title = ask.body.title ? ask.body.title->value : std::string();
  const auto chat = co_await ok(app.chats.open(std::move(caller), std::move(title), std::move(scope)));
  co_return http::Created<ChatView>{"/api/v1/chats/" + chat.id.text(), view_of(chat)};
}

Task<Result<ChatView>> show_chat(Services& app, Caller caller, OneChat ask) {
  co_return view_of(co_await ok(app.chats.find(std::move(caller), ask.path.id)));
}

Task<Result<ListView<ChatView>>> list_chats(Services& app, Caller caller, ListChats ask) {
  const auto page = co_await ok(page_of<ChatId>(ask.query.page));
  const auto chats = co_await ok(app.chats.list(std::move(caller), page));
  co_return list_of<ChatView>(chats, ask.query.page.limit);
}

Task<Result<ChatView>> change_chat(Services& app, Caller caller, ChangeChat ask) {
  if (!ask.body.title) co_return view_of(co_await ok(app.chats.find(std::move(caller), ask.path.id)));
  co_return view_of(co_await ok(app.chats.rename(std::move(caller), ask.path.id, ask.body.title->value)));
}

Task<Result<http::NoContent>> delete_chat(Services& app, Caller caller, OneChat ask) {
  co_await ok(app.chats.remove(std::move(caller), ask.path.id));
  co_return http::NoContent{};
}

Task<Result<ListView<MessageView>>> list_messages(Services& app, Caller caller, ListMessages ask) {
  const auto page = co_await ok(page_of<MessageId>(ask.query.page));
  const auto messages = co_await ok(app.chats.messages(std::move(caller), ask.path.id, page));
  co_return list_of<MessageView>(messages, ask.query.page.limit);
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
  co_return http::Created<ExchangeView>{"/api/v1/messages/" + exchange.reply.id.text(),
                                        {view_of(exchange.question), view_of(exchange.reply)}};
}

}  // namespace kinora::api::v1
