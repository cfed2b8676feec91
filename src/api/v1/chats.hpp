#pragma once

#include "api/v1/resources.hpp"

/// Requests about chats and their messages.
namespace kinora::api::v1 {

struct ListChats {
  struct Query {
    http::Page page;
  } query;
};
Task<Result<ListView<ChatView>>> list_chats(Services& app, Caller caller, ListChats ask);

struct ChangeChat {
  struct Path {
    ChatId id;
  } path;
  struct Body {
    http::Optional<Text<1, 200>> title;
  } body;
  http::Head head;
};
Task<Result<http::WithHeaders<ChatView>>> change_chat(Services& app, Caller caller, ChangeChat ask);
Task<Result<http::NoContent>> delete_chat(Services& app, Caller caller, OneChat ask);

struct ListMessages {
  struct Path {
    ChatId id;
  } path;
  struct Query {
    http::Page page;
  } query;
};
Task<Result<ListView<MessageView>>> list_messages(Services& app, Caller caller, ListMessages ask);

struct OneMessage {
  struct Path {
    MessageId id;
  } path;
};
struct CancelledView {
  MessageId id{};
};
Task<Result<MessageView>> show_message(Services& app, Caller caller, OneMessage ask);
Task<Result<http::Accepted<CancelledView>>> cancel_message(Services& app, Caller caller, OneMessage ask);

/// With `Accept: text/event-stream` the answer comes as it is made.
Task<Result<std::variant<http::Created<ExchangeView>, http::EventStream>>> ask_question(Services& app, Caller caller,
                                                                                        AskQuestion ask);

/// As it was answered, by its reply.
Task<Result<http::Created<ExchangeView>>> answered_question(Services& app, Caller caller, MessageId reply);

}  // namespace kinora::api::v1
