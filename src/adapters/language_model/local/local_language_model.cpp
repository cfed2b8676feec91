#include <system_error>

#include "adapters/language_model/completion.hpp"
#include "adapters/language_model/open.hpp"
#include "adapters/llama_server/llama_server.hpp"
#include "adapters/llama_server/turns.hpp"
#include "base/deadline.hpp"

namespace kinora {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t context = 4096;
constexpr std::size_t hash_shown = 12;
constexpr std::uint64_t gibibyte = 1ULL << 30;

// A part of a long summary may take minutes: somebody who asks then is answered without the model rather than kept waiting.
constexpr auto patience_of_a_person = 3s;

// Without mmap the weights are in memory once: llama.cpp repacks them, and would keep both forms. The last orders' texts stay
// known, so that a question about what was read before costs only itself.
LlamaServerSettings server_settings(const LocalModelSettings& settings) {
  return {.called = "language model server",
          .program = settings.program,
          .model = settings.model,
          .folder = settings.folder,
          .socket = "llm.sock",
          .arguments = {"-c", std::to_string(context), "-lm", "none", "--poll", "0", "--cache-ram", "256"},
          .limits = {.memory_bytes = 4 * gibibyte},
          .idle_limit = settings.idle_limit};
}

bool is_installed(const LocalModelSettings& settings) {
  std::error_code failed;
  return std::filesystem::is_regular_file(settings.program, failed) && std::filesystem::is_regular_file(settings.model, failed);
}

class LocalLanguageModel final : public ServedLanguageModel {
 public:
  LocalLanguageModel(LocalModelSettings settings, Launcher& launcher, Log& log)
      : settings_(std::move(settings)),
        is_installed_(kinora::is_installed(settings_)),
        server_(server_settings(settings_), launcher, log) {}

  ModelPlace place() const override { return is_installed_ ? ModelPlace::local : ModelPlace::none; }
  std::string model() const override {
    if (!is_installed_) return {};
    auto name = settings_.model.stem().string();
    if (settings_.model_sha256.empty()) return name;
    return name + '@' + settings_.model_sha256.substr(0, hash_shown);
  }
  std::size_t context_tokens() const override { return context; }
  Task<void> serve() override { return server_.serve(); }

  Task<Result<std::string>> reply(Prompt prompt) override {
    if (!is_installed_)
      co_return fail(ErrorKind::unavailable, "there is no language model. Bring it with `kinora models fetch llm`.",
                     "no_model");
    const auto limit = prompt.limit;
    co_return co_await within(limit, reply_in_turn(std::move(prompt)));
  }

 private:
  Task<Result<std::string>> reply_in_turn(Prompt prompt) {
    const auto patience = prompt.urgency == Urgency::person ? patience_of_a_person : prompt.limit;
    const auto turn = co_await ok(within(patience, turns_.take(prompt.urgency)));
    const auto use = co_await ok(server_.use());
    auto body = completion::request_of(prompt, {});
    const auto reply = co_await ok(server_.ask("/v1/chat/completions", std::move(body), completion::reply_bytes_max));
    co_return completion::reply_of(reply.status, reply.body);
  }

  LocalModelSettings settings_;
  bool is_installed_;
  LlamaServer server_;
  Turns turns_;
};

}  // namespace

std::unique_ptr<ServedLanguageModel> open_local_language_model(LocalModelSettings settings, Launcher& launcher, Log& log) {
  return std::make_unique<LocalLanguageModel>(std::move(settings), launcher, log);
}

}  // namespace kinora
