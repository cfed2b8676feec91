#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/ai/ai.hpp"
#include "modules/media/media.hpp"
#include "modules/search/search.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"

namespace kinora::chat {

enum class Role : std::uint8_t { user, assistant };
enum class MessageStatus : std::uint8_t { complete, failed, cancelled };
/// Who wrote an answer: quotes chosen by our code, a model on this machine, or a configured service.
enum class Engine : std::uint8_t { extractive, local_llm, remote };

/// Which videos a chat is about: those named, or all that its owner may see.
struct ChatScope {
  std::vector<VideoId> video_ids{};
  bool all = true;
};

struct Chat {
  ChatId id{};
  UserId owner{};
  std::string title;
  ChatScope scope;
  std::optional<Time> last_message_at{};
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
};

/// What [n] in an answer stands for. `text` is verbatim what the transcript has between start and end.
struct Citation {
  int index = 0;
  VideoId video_id{};
  Seconds start{0};
  Seconds end{0};
  std::string text;
  std::string title;
  double score = 0;
};

struct Message {
  MessageId id{};
  ChatId chat{};
  std::optional<MessageId> parent{};
  Role role = Role::user;
  std::string content;
  MessageStatus status = MessageStatus::complete;
  std::optional<Engine> engine{};
  std::optional<double> confidence{};
  Time created_at{};
  std::vector<Citation> citations{};
};

/// What a strategy makes of a question and the moments found for it. An answer without citations is a refusal.
struct Answer {
  std::string text;
  std::vector<Citation> citations{};
  Engine engine = Engine::extractive;
  double confidence = 0;
};

struct Exchange {
  Message question;
  Message reply;
};

struct Quote;

/// Questions about videos, answered from what is said in them. Any thread.
class Chats {
 public:
  Chats(media::Media& media, ai::Ai& ai, search::Search& search, Database& database, Clock& clock, Random& random)
      : media_(media), ai_(ai), search_(search), database_(database), clock_(clock), random_(random) {}

  /// Errors: not_found when the scope names a video the caller may not see.
  Task<Result<Chat>> open(Caller caller, std::string title, ChatScope scope);
  Task<Result<Chat>> find(Caller caller, ChatId id);
  /// Oldest first.
  Task<Result<std::vector<Message>>> messages(Caller caller, ChatId id);
  /// Finds, answers, checks every citation, then keeps question and reply together.
  Task<Result<Exchange>> ask(Caller caller, ChatId id, std::string question);

 private:
  Task<Result<Answer>> answer(Caller caller, Chat chat, std::string question);
  /// Nothing when the quotes do not answer.
  Task<Result<std::optional<double>>> confidence_in(std::string question, std::vector<Quote> quotes);
  Task<Result<std::vector<ai::Transcript>>> transcripts_behind(Caller caller, std::vector<Quote> quotes);

  media::Media& media_;
  ai::Ai& ai_;
  search::Search& search_;
  Database& database_;
  Clock& clock_;
  Random& random_;
};

std::vector<Migration> migrations();

}  // namespace kinora::chat

template <>
struct kinora::Names<kinora::chat::Role> {
  using enum chat::Role;
  static constexpr auto table =
      std::to_array<std::pair<chat::Role, std::string_view>>({{user, "user"}, {assistant, "assistant"}});
};
template <>
struct kinora::Names<kinora::chat::MessageStatus> {
  using enum chat::MessageStatus;
  static constexpr auto table = std::to_array<std::pair<chat::MessageStatus, std::string_view>>(
      {{complete, "complete"}, {failed, "failed"}, {cancelled, "cancelled"}});
};
template <>
struct kinora::Names<kinora::chat::Engine> {
  using enum chat::Engine;
  static constexpr auto table = std::to_array<std::pair<chat::Engine, std::string_view>>(
      {{extractive, "extractive"}, {local_llm, "local-llm"}, {remote, "remote"}});
};
