#include "adapters/language_model/completion.hpp"

#include <array>
#include <optional>

#include "base/json.hpp"

namespace kinora::completion {

namespace {

struct SaidMessage {
  std::optional<std::string> content{};
};
struct Choice {
  SaidMessage message{};
  std::optional<std::string> finish_reason{};
};
struct Completion {
  std::vector<Choice> choices{};
};

std::unexpected<Error> refused(int status) {
  const auto number = std::to_string(status);
  if (status == 429) return fail(ErrorKind::rate_limited, "the language model takes no more requests for now (429)");
  if (status == 401 || status == 403)
    return fail(ErrorKind::unavailable, "the language model's service refuses our key (" + number + "): check LLM_API_KEY");
  return fail(ErrorKind::unavailable, "the language model answers with status " + number);
}

}  // namespace

std::string request_of(const Prompt& prompt, const std::string& model) {
  std::string body = "{";
  if (!model.empty()) body += R"("model":)" + to_json(model) + ',';
  body += R"("messages":[{"role":"system","content":)" + to_json(prompt.instructions);
  body += R"(},{"role":"user","content":)" + to_json(prompt.material);
  body += R"(}],"temperature":0,"stream":false,"max_tokens":)" + to_json(prompt.tokens_max);
  body += R"(,"response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":)" + prompt.schema + "}}}";
  return body;
}

Result<std::string> reply_of(int status, const std::string& body) {
  if (status < 200 || status >= 300) return refused(status);
  auto completion = from_json_text<Completion>(body);
  if (!completion || completion->choices.empty())
    return fail(ErrorKind::unavailable, "the language model's service said what is no chat completion");
  auto& choice = completion->choices.front();
  if (choice.finish_reason == "length")
    return fail(ErrorKind::too_large, "the language model did not come to an end within its tokens");
  if (!choice.message.content || choice.message.content->empty())
    return fail(ErrorKind::unavailable, "the language model wrote nothing");
  return *std::move(choice.message.content);
}

}  // namespace kinora::completion
