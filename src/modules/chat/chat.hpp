#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/sync.hpp"
#include "base/versions.hpp"
#include "jobs/event_log.hpp"
#include "modules/ai/ai.hpp"
#include "modules/media/media.hpp"
#include "modules/search/search.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/language_model.hpp"
#include "ports/random.hpp"

namespace kinora::chat {

enum class Role : std::uint8_t { user, assistant };
enum class MessageStatus : std::uint8_t { streaming, complete, failed, cancelled };
using ai::Engine;

/// Which videos a chat is about: those named, those of a channel, what is both, or all that its owner may see.
struct ChatScope {
  std::vector<VideoId> video_ids{};
  bool all = true;
  std::optional<ChannelId> channel_id{};
};

struct Chat {
  ChatId id{};
  UserId owner{};
  std::string title;
  ChatScope scope;
  std::int64_t message_count = 0;
  std::optional<Time> last_message_at{};
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
};

/// What a person changes; absent members stay.
struct ChatChange {
  std::optional<std::string> title{};
  std::optional<ChatScope> scope{};
  IfVersion if_version{};
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

/// What a question is asked with beside its text; kept with it.
struct Circumstances {
  std::optional<Seconds> current_time{};  ///< where the player stood
  std::optional<std::string> emotion{};
};

struct Question {
  std::string text;
  std::optional<MessageId> parent{};  ///< a message of the same chat
  Circumstances circumstances{};
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
  std::optional<std::string> model{};  ///< of an answer: who wrote it
  Time created_at{};
  Time updated_at{};
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

/// A page of a list: so many, behind that one.
template <class SomeId>
struct Page {
  std::size_t limit = 20;
  std::optional<std::pair<Time, SomeId>> cursor{};
};

/// Who listens to an answer while it is made. An error ends the answer; what he heard of it is kept.
class Listener {
 public:
  virtual ~Listener() = default;
  /// The reply as it is kept already, still empty.
  virtual Task<Result<void>> started(Message reply) = 0;
  virtual Task<Result<void>> searching() = 0;
  /// A language model reads what was found: the next word may take seconds.
  virtual Task<Result<void>> thinking() = 0;
  /// Checked already; its marker is in the text that follows.
  virtual Task<Result<void>> cited(Citation citation) = 0;
  virtual Task<Result<void>> said(std::string text) = 0;
};

struct Quote;

/// Questions about videos, answered from what is said in them. Any thread.
class Chats final : public accounts::Belongings {
 public:
  Chats(media::Media& media, ai::Ai& ai, search::Search& search, LanguageModel& model, Database& database,
        jobs::EventLog& events, Clock& clock, Random& random)
      : media_(media),
        ai_(ai),
        search_(search),
        model_(model),
        database_(database),
        events_(events),
        clock_(clock),
        random_(random) {}

  /// How long an answer waits for the language model before it goes without.
  void wait_for_model(std::chrono::steady_clock::duration limit) { patience_for_a_model_ = limit; }

  /// Errors: not_found when the scope names a video the caller may not see, or a channel of which he sees none.
  Task<Result<Chat>> open(Caller caller, std::string title, ChatScope scope);
  Task<Result<Chat>> find(Caller caller, ChatId id);
  /// The caller's own, newest first.
  Task<Result<std::vector<Chat>>> list(Caller caller, Page<ChatId> page);
  /// Errors: as open(), stale.
  Task<Result<Chat>> change(Caller caller, ChatId id, ChatChange change);
  /// With its messages.
  Task<Result<void>> remove(Caller caller, ChatId id);
  /// Only their owner sees chats, and he is gone.
  Task<Result<void>> hide(Transaction, UserId) override { co_return {}; }
  Task<Result<void>> erase(Caller caller, UserId owner) override;
  /// Oldest first.
  Task<Result<std::vector<Message>>> messages(Caller caller, ChatId id, Page<MessageId> page);
  Task<Result<Message>> message(Caller caller, MessageId id);
  /// Keeps the question, told as chat.message as the reply is in the end, and a reply that streams; finds, answers, checks
  /// every citation; ends the reply: complete, cancelled (also when who asked has gone), or failed with whatever error this
  /// yields.
  Task<Result<Exchange>> ask(Caller caller, ChatId id, Question question);
  /// The same, told while it happens.
  Task<Result<Exchange>> ask_aloud(Caller caller, ChatId id, Question question, Listener& listener);
  /// Stops an answer that is being made: what was said of it until then is kept as cancelled. Yields it as it is now. Errors:
  /// conflict when it is over.
  Task<Result<Message>> cancel(Caller caller, MessageId reply);
  /// At start-up: replies that another server was making when it died have failed. Yields how many.
  Task<Result<std::int64_t>> end_orphans();

 private:
  /// Replies under way, and whether somebody wants them to end.
  struct UnderWay {
    UserId owner{};
    bool cancelled = false;
  };
  class Announced;
  Task<Result<void>> require_visible(Caller caller, ChatScope scope);
  Exchange begun(ChatId chat, const Question& question);
  /// Fills the reply as far as it is told.
  Task<Result<void>> tell(Caller caller, Chat chat, std::string question, Message& reply, Listener& listener);
  Task<Result<Message>> end(UserId owner, Message reply);
  bool is_cancelled(MessageId reply);
  Task<Result<Answer>> answer(Caller caller, Chat chat, std::string question, Listener& listener);
  Task<Result<Answer>> refuse(Caller caller, std::vector<search::Moment> moments);
  /// Nothing when the quotes do not answer.
  Task<Result<std::optional<double>>> confidence_in(std::string question, std::vector<Quote> quotes);
  /// Nothing when there is no model for these, or it has no answer.
  Task<Result<std::optional<Answer>>> written(std::string question, std::vector<search::Moment> moments,
                                              std::vector<ai::Transcript> transcripts, Listener& listener);
  Task<Result<std::vector<ai::Transcript>>> transcripts_behind(Caller caller, std::vector<Quote> quotes);

  media::Media& media_;
  ai::Ai& ai_;
  search::Search& search_;
  LanguageModel& model_;
  Database& database_;
  jobs::EventLog& events_;
  Clock& clock_;
  Random& random_;
  // Four passages are read in some ten seconds by one core that nobody else wants.
  std::chrono::steady_clock::duration patience_for_a_model_ = 25s;
  Guarded<std::map<MessageId, UnderWay>> under_way_;
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
      {{streaming, "streaming"}, {complete, "complete"}, {failed, "failed"}, {cancelled, "cancelled"}});
};
