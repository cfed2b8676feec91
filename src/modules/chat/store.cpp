#include "modules/chat/store.hpp"

#include "base/json.hpp"

namespace kinora::chat {

namespace {

constexpr SqlPart chat_columns = R"part(
  id, user_id, title, scope, (SELECT COUNT(*) FROM chat_messages m WHERE m.chat_id = chats.id), last_message_at, ver, created_at,
  updated_at)part";
constexpr SqlPart message_columns = R"part(
  id, chat_id, parent_message_id, message_type, content, status, engine, confidence, model, created_at,
  COALESCE(updated_at, created_at))part";

constexpr Sql insert_chat_row{R"sql(
  INSERT INTO chats (id, user_id, title, scope, surface, ver, created_at, updated_at)
  VALUES ($1, $2, $3, $4, 'v1', 1, db_now(), db_now()))sql"};
constexpr Sql chat_by_id = sql_of<R"sql(SELECT)sql", chat_columns, R"sql(FROM chats WHERE id = $1)sql">;
constexpr Sql newest_chats = sql_of<R"sql(SELECT)sql", chat_columns,
                                    R"sql(FROM chats WHERE user_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2)sql">;
constexpr Sql chats_before =
    sql_of<R"sql(SELECT)sql", chat_columns, R"sql(FROM chats WHERE user_id = $1 AND (created_at, id) < ($2, $3)
  ORDER BY created_at DESC, id DESC LIMIT $4)sql">;
constexpr Sql update_row{R"sql(
  UPDATE chats SET title = $2, scope = $3, ver = ver + 1, updated_at = db_now() WHERE id = $1)sql"};
constexpr Sql delete_row{R"sql(DELETE FROM chats WHERE id = $1)sql"};
constexpr Sql delete_rows_of{R"sql(
  DELETE FROM chats WHERE id IN (SELECT id FROM chats WHERE user_id = $1 ORDER BY created_at, id LIMIT $2))sql"};
constexpr Sql touch_chat{
    R"sql(UPDATE chats SET last_message_at = db_now(), ver = ver + 1, updated_at = db_now() WHERE id = $1)sql"};
constexpr Sql insert_message{R"sql(
  INSERT INTO chat_messages (id, chat_id, user_id, parent_message_id, message_type, content_type, content, status, engine,
                             confidence, model, metadata, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, 'text', $6, $7, $8, $9, $10, $11, $12, $12))sql"};
constexpr Sql update_reply{R"sql(
  UPDATE chat_messages SET content = $2, status = $3, engine = $4, confidence = $5, model = $6, updated_at = db_now()
  WHERE id = $1 AND status = 'streaming')sql"};
constexpr Sql fail_streaming{R"sql(
  UPDATE chat_messages SET status = 'failed', updated_at = db_now() WHERE status = 'streaming')sql"};
constexpr Sql insert_citation{R"sql(
  INSERT INTO citations (id, message_id, position, video_id, title, start_s, end_s, text, score)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9))sql"};
constexpr Sql oldest_messages = sql_of<R"sql(SELECT)sql", message_columns,
                                       R"sql(FROM chat_messages WHERE chat_id = $1 ORDER BY created_at, id LIMIT $2)sql">;
constexpr Sql messages_after =
    sql_of<R"sql(SELECT)sql", message_columns, R"sql(FROM chat_messages WHERE chat_id = $1 AND (created_at, id) > ($2, $3)
  ORDER BY created_at, id LIMIT $4)sql">;
constexpr Sql message_by_id = sql_of<R"sql(SELECT)sql", message_columns, R"sql(FROM chat_messages WHERE id = $1)sql">;
constexpr Sql citations_by_message{R"sql(
  SELECT position, video_id, start_s, end_s, text, title, score FROM citations WHERE message_id = $1 ORDER BY position)sql"};

struct ChatRow {
  ChatId id{};
  UserId owner{};
  std::string title{};
  std::string scope{};
  std::int64_t message_count = 0;
  std::optional<Time> last_message_at{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};
struct MessageRow {
  MessageId id{};
  ChatId chat{};
  std::optional<MessageId> parent{};
  Role role{};
  std::string content{};
  MessageStatus status{};
  std::optional<Engine> engine{};
  std::optional<double> confidence{};
  std::optional<std::string> model{};
  Time created_at{};
  Time updated_at{};
};

Task<Result<void>> insert(Transaction tx, UserId owner, Message message, std::optional<std::string> metadata) {
  co_await ok(tx.change(insert_message, message.id, message.chat, owner, message.parent, message.role, message.content,
                        message.status, message.engine, message.confidence, message.model, std::move(metadata),
                        message.created_at));
  co_return {};
}

Result<Chat> chat_of(ChatRow row) {
  auto scope = from_json_text<ChatScope>(row.scope);
  if (!scope) return std::unexpected(std::move(scope.error()));
  return Chat{row.id,      row.owner,      std::move(row.title), *std::move(scope), row.message_count, row.last_message_at,
              row.version, row.created_at, row.updated_at};
}

Task<Result<Message>> message_of(Transaction tx, MessageRow row) {
  auto citations = co_await ok(tx.all<Citation>(citations_by_message, row.id));
  co_return Message{.id = row.id,
                    .chat = row.chat,
                    .parent = row.parent,
                    .role = row.role,
                    .content = std::move(row.content),
                    .status = row.status,
                    .engine = row.engine,
                    .confidence = row.confidence,
                    .model = std::move(row.model),
                    .created_at = row.created_at,
                    .updated_at = row.updated_at,
                    .citations = std::move(citations)};
}

}  // namespace

Task<Result<Chat>> insert_chat(Transaction tx, ChatId id, UserId owner, std::string title, ChatScope scope) {
  co_await ok(tx.change(insert_chat_row, id, owner, std::move(title), to_json(scope)));
  co_await ok(tx.made(id));
  auto chat = co_await ok(find_chat(tx, id));
  co_return *std::move(chat);
}

Task<Result<std::optional<Chat>>> find_chat(Transaction tx, ChatId id) {
  auto row = co_await ok(tx.find<ChatRow>(chat_by_id, id));
  if (!row) co_return std::optional<Chat>();
  auto chat = co_await ok(chat_of(*std::move(row)));
  co_return std::optional(std::move(chat));
}

Task<Result<std::vector<Chat>>> list_chats(Transaction tx, UserId owner, Page<ChatId> page) {
  const auto limit = static_cast<std::int64_t>(page.limit);
  auto rows = page.cursor ? co_await tx.all<ChatRow>(chats_before, owner, page.cursor->first, page.cursor->second, limit)
                          : co_await tx.all<ChatRow>(newest_chats, owner, limit);
  std::vector<Chat> chats;
  auto found = co_await ok(std::move(rows));
  for (auto& row : found) chats.push_back(co_await ok(chat_of(std::move(row))));
  co_return chats;
}

Task<Result<Chat>> change_chat(Transaction tx, ChatId id, ChatChange change) {
  const auto before = co_await ok(find_chat(tx, id));
  if (!before) co_return fail(ErrorKind::not_found, "there is no chat " + id.text());
  co_await ok(require_version(before->version, change.if_version));
  if (!change.title && !change.scope) co_return *before;
  auto title = change.title.value_or(before->title);
  auto scope = to_json(change.scope.value_or(before->scope));
  co_await ok(tx.change(update_row, id, std::move(title), std::move(scope)));
  auto after = co_await ok(find_chat(tx, id));
  co_return *std::move(after);
}

Task<Result<void>> delete_chat(Transaction tx, ChatId id) {
  co_await ok(tx.change(delete_row, id));
  co_return {};
}

Task<Result<std::int64_t>> delete_chats_of(Transaction tx, UserId owner, std::int64_t limit) {
  return tx.change(delete_rows_of, owner, limit);
}

Task<Result<void>> begin_exchange(Transaction tx, UserId owner, Exchange exchange, Circumstances circumstances) {
  co_await ok(insert(tx, owner, exchange.question, to_json(circumstances)));
  co_await ok(insert(tx, owner, exchange.reply, std::nullopt));
  co_await ok(tx.change(touch_chat, exchange.question.chat));
  co_return co_await tx.made(exchange.reply.id);
}

Task<Result<Message>> end_reply(Transaction tx, Message reply, std::vector<CitationId> citation_ids) {
  const auto ended =
      co_await ok(tx.change(update_reply, reply.id, reply.content, reply.status, reply.engine, reply.confidence, reply.model));
  if (ended == 0) co_return fail(ErrorKind::not_found, "this chat was deleted while it was answered");
  for (std::size_t at = 0; at < reply.citations.size(); ++at) {
    const auto& citation = reply.citations[at];
    co_await ok(tx.change(insert_citation, citation_ids[at], reply.id, citation.index, citation.video_id, citation.title,
                          citation.start, citation.end, citation.text, citation.score));
  }
  co_await ok(tx.change(touch_chat, reply.chat));
  auto kept = co_await ok(find_message(tx, reply.id));
  co_return *std::move(kept);
}

Task<Result<std::int64_t>> end_streaming(Transaction tx) { return tx.change(fail_streaming); }

Task<Result<std::vector<Message>>> messages_of(Transaction tx, ChatId chat, Page<MessageId> page) {
  const auto limit = static_cast<std::int64_t>(page.limit);
  auto rows = page.cursor ? co_await tx.all<MessageRow>(messages_after, chat, page.cursor->first, page.cursor->second, limit)
                          : co_await tx.all<MessageRow>(oldest_messages, chat, limit);
  auto found = co_await ok(std::move(rows));
  std::vector<Message> messages;
  for (auto& row : found) {
    auto message = co_await ok(message_of(tx, std::move(row)));
    messages.push_back(std::move(message));
  }
  co_return messages;
}

Task<Result<std::optional<Message>>> find_message(Transaction tx, MessageId id) {
  auto row = co_await ok(tx.find<MessageRow>(message_by_id, id));
  if (!row) co_return std::optional<Message>();
  auto message = co_await ok(message_of(tx, *std::move(row)));
  co_return std::optional(std::move(message));
}

}  // namespace kinora::chat
