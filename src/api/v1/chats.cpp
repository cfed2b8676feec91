#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

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

Task<Result<ListView<MessageView>>> list_messages(Services& app, Caller caller, OneChat ask) {
  const auto messages = co_await ok(app.chats.messages(std::move(caller), ask.path.id));
  ListView<MessageView> list;
  for (const auto& message : messages) list.data.push_back(view_of(message));
  co_return list;
}

Task<Result<http::Created<ExchangeView>>> ask_question(Services& app, Caller caller, AskQuestion ask) {
  const auto exchange = co_await ok(app.chats.ask(std::move(caller), ask.path.id, ask.body.content));
  co_return http::Created<ExchangeView>{"/api/v1/messages/" + exchange.reply.id.text(),
                                        {view_of(exchange.question), view_of(exchange.reply)}};
}

}  // namespace kinora::api::v1
