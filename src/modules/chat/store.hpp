#pragma once

#include <optional>
#include <vector>

#include "modules/chat/chat.hpp"

/// All SQL of chat. Every function is, or runs inside, a transaction body.
namespace kinora::chat {

Task<Result<Chat>> insert_chat(Transaction tx, ChatId id, UserId owner, std::string title, ChatScope scope);
Task<Result<std::optional<Chat>>> find_chat(Transaction tx, ChatId id);
Task<Result<Exchange>> insert_exchange(Transaction tx, UserId owner, Exchange exchange, std::vector<CitationId> citation_ids);
Task<Result<std::vector<Message>>> messages_of(Transaction tx, ChatId chat);

}  // namespace kinora::chat
