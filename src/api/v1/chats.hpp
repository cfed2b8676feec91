#pragma once

#include "api/v1/resources.hpp"

/// Requests about chats and their messages.
namespace kinora::api::v1 {

/// What messages may be; pictures and sound are not understood yet.
enum class ContentType : std::uint8_t { text };

}  // namespace kinora::api::v1

template <>
struct kinora::Names<kinora::api::v1::ContentType> {
  static constexpr auto table =
      std::to_array<std::pair<api::v1::ContentType, std::string_view>>({{api::v1::ContentType::text, "text"}});
};

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
    http::Optional<OpenChat::Body::Scope> scope;  ///< takes the place of the one before
  } body;
  http::IfMatch match;
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
Task<Result<MessageView>> show_message(Services& app, Caller caller, OneMessage ask);
Task<Result<http::Accepted<MessageView>>> cancel_message(Services& app, Caller caller, OneMessage ask);

struct AskQuestion {
  struct Path {
    ChatId id;
  } path;
  struct Body {
    Text<1, 8000> content;
    http::Optional<http::OneOf<ContentType>> content_type;
    http::Optional<MessageId> parent_id;  ///< of the same chat
    // Where the player stood, and how somebody feels: kept with the question. No answer hangs on them.
    http::Optional<http::Num<0.0, 360000.0>> current_time;
    http::Optional<Text<1, 100>> emotion;
    http::Optional<http::List<boost::json::object, 0, 0>> attachments;  ///< none can be read yet
  } body;
  http::Head head;
};
struct ExchangeView {
  MessageView message;
  MessageView reply;
};
/// With `Accept: text/event-stream` the answer comes as it is made.
Task<Result<std::variant<http::Created<ExchangeView>, http::EventStream>>> ask_question(Services& app, Caller caller,
                                                                                        AskQuestion ask);

/// As it was answered, by its reply.
Task<Result<http::Created<ExchangeView>>> answered_question(Services& app, Caller caller, MessageId reply);

}  // namespace kinora::api::v1
