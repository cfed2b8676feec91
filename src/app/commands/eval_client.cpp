#include "app/commands/eval_client.hpp"

#include <fmt/format.h>

namespace kinora::app {

namespace {

constexpr std::size_t found_max = 3;

template <class T>
struct Listed {
  std::vector<T> data{};
};
struct Named {
  std::string id;
};
struct Reply {
  std::vector<EvalPassage> citations{};
};
struct Exchange {
  Reply reply{};
};
struct Transcript {
  std::string transcript_text;
};

}  // namespace

Result<EvalClient> EvalClient::to(const std::string& server, std::string token) {
  if (token.empty())
    return fail(ErrorKind::invalid, "put the access token of the library's owner into the environment as KINORA_TOKEN");
  auto api = ApiClient::to(server, std::move(token));
  if (!api) return std::unexpected(std::move(api.error()));
  return EvalClient(*std::move(api));
}

Result<void> EvalClient::begin() {
  auto chat = read_as<Named>(api_.post("/api/v1/chats", R"({"title":"kinora eval"})"));
  if (!chat) return std::unexpected(std::move(chat.error()));
  chat_ = std::move(chat->id);
  return {};
}

Result<void> EvalClient::end() {
  const auto gone = api_.remove("/api/v1/chats/" + chat_);
  if (!gone) return std::unexpected(gone.error());
  return {};
}

Result<EvalAnswer> EvalClient::ask(EvalQuestion question) {
  const auto target = fmt::format("/api/v1/search?limit={}&q={}", found_max, percent_encoded(question.question));
  const auto found = read_as<Listed<EvalPassage>>(api_.get(target));
  if (!found) return std::unexpected(found.error());
  const auto body = R"({"content":)" + to_json(question.question) + '}';
  const auto answered = read_as<Exchange>(api_.post("/api/v1/chats/" + chat_ + "/messages", body));
  if (!answered) return std::unexpected(answered.error());
  EvalAnswer answer{std::move(question), found->data, answered->reply.citations};
  for (const auto& quote : answer.cited) {
    const auto said = is_said(quote);
    if (!said) return std::unexpected(said.error());
    answer.verbatim += *said ? 1 : 0;
  }
  return answer;
}

Result<bool> EvalClient::is_said(const EvalPassage& quote) {
  if (!transcripts_.contains(quote.video_id)) {
    auto read = read_as<Transcript>(api_.get("/api/v1/videos/" + quote.video_id + "/transcript?words=false"));
    if (!read) return std::unexpected(std::move(read.error()));
    transcripts_.emplace(quote.video_id, std::move(read->transcript_text));
  }
  return transcripts_.at(quote.video_id).contains(quote.text);
}

}  // namespace kinora::app
