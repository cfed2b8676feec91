#pragma once

#include <optional>
#include <vector>

#include "modules/chat/chat.hpp"

/// All SQL of chat. Every function is, or runs inside, a transaction body.
namespace kinora::chat {

Task<Result<Chat>> insert_chat(Transaction tx, ChatId id, UserId owner, std::string title, ChatScope scope);
Task<Result<std::optional<Chat>>> find_chat(Transaction tx, ChatId id);
/// The question, and the reply that is being made to it.
Task<Result<void>> begin_exchange(Transaction tx, UserId owner, Exchange exchange, Circumstances circumstances);
/// Errors: not_found when its chat was deleted meanwhile.
Task<Result<Message>> end_reply(Transaction tx, Message reply, std::vector<CitationId> citation_ids);
/// Every reply that is being made fails. Yields how many.
Task<Result<std::int64_t>> end_streaming(Transaction tx);
Task<Result<std::vector<Message>>> messages_of(Transaction tx, ChatId chat, Page<MessageId> page);
Task<Result<std::optional<Message>>> find_message(Transaction tx, MessageId id);
Task<Result<std::vector<Chat>>> list_chats(Transaction tx, UserId owner, Page<ChatId> page);
Task<Result<Chat>> change_chat(Transaction tx, ChatId id, ChatChange change);
Task<Result<void>> delete_chat(Transaction tx, ChatId id);
/// At most so many; yields their number.
Task<Result<std::int64_t>> delete_chats_of(Transaction tx, UserId owner, std::int64_t limit);

}  // namespace kinora::chat
