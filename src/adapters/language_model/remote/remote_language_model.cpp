#include <algorithm>

#include "adapters/language_model/completion.hpp"
#include "adapters/language_model/open.hpp"
#include "adapters/language_model/remote/web_call.hpp"
#include "base/deadline.hpp"
#include "base/pool.hpp"
#include "base/sync.hpp"
#include "base/task_group.hpp"

namespace kinora {

namespace {

using namespace std::chrono_literals;

// What a chunk of 8,000 tokens needs; every service that is offered today has more.
constexpr std::size_t context = 16'384;
// What a summary has under way; persons have lines of their own, which no summary holds for minutes.
constexpr std::size_t batch_calls = 5;
constexpr std::size_t person_calls = 3;
constexpr int attempts_max = 3;
constexpr std::chrono::seconds longest_pause{10};

bool asks_to_wait(const WebReply& reply) { return reply.status == 429 || reply.status == 503; }

class RemoteLanguageModel final : public ServedLanguageModel {
 public:
  explicit RemoteLanguageModel(RemoteModelSettings settings) : settings_(std::move(settings)) {}
  ~RemoteLanguageModel() override { callers_.join(); }

  ModelPlace place() const override { return ModelPlace::remote; }
  std::string model() const override { return settings_.model; }
  std::size_t context_tokens() const override { return context; }
  Task<void> serve() override { co_return; }

  Task<Result<std::string>> reply(Prompt prompt) override {
    const auto limit = prompt.limit;
    co_return co_await within(limit, reply_after_pauses(std::move(prompt)));
  }

 private:
  /// One call, and what becomes of it.
  struct Order {
    WebCall call;
    std::atomic<bool> given_up = false;
    Event done{};
    std::optional<Result<WebReply>> reply{};
  };

  Task<Result<std::string>> reply_after_pauses(Prompt prompt) {
    for (int attempt = 1;; ++attempt) {
      const auto reply = co_await ok(call(prompt));
      const bool may_again = asks_to_wait(reply) && attempt < attempts_max && reply.retry_after <= longest_pause;
      if (!may_again) co_return told(reply);
      co_await ok(pause_for(std::max<std::chrono::milliseconds>(reply.retry_after, 100ms)));
    }
  }

  static Result<std::string> told(const WebReply& reply) {
    auto text = completion::reply_of(reply.status, reply.body);
    if (!text) text.error().retry_after = reply.retry_after;
    return text;
  }

  /// libcurl waits on a thread of its own; a fiber that is stopped tells it to give up.
  Task<Result<WebReply>> call(Prompt prompt) {
    // Whoever is stopped leaves a line of fibers at once, but not the queue of the pool.
    auto& lines = prompt.urgency == Urgency::person ? persons_ : batches_;
    const auto line = co_await ok(lines.acquire());
    Order order{.call = {.url = settings_.url + "/chat/completions",
                         .key = settings_.key,
                         .body = completion::request_of(prompt, settings_.model),
                         .limit = std::chrono::duration_cast<std::chrono::milliseconds>(prompt.limit),
                         .reply_bytes_max = completion::reply_bytes_max}};
    TaskGroup group((co_await this_fiber).executor);
    group.spawn(perform(order));
    const auto waited = co_await order.done.wait();
    order.given_up = true;
    co_await group.join();
    if (!waited) co_return std::unexpected(waited.error());
    co_return *std::move(order.reply);
  }

  Task<void> perform(Order& order) {
    const auto post = [&order] { return post_json(order.call, order.given_up); };
    order.reply = co_await on(callers_, post);
    order.done.set();
  }

  RemoteModelSettings settings_;
  Semaphore batches_{batch_calls};
  Semaphore persons_{person_calls};
  Pool callers_{"language model", batch_calls + person_calls, 0};
};

}  // namespace

std::unique_ptr<ServedLanguageModel> open_remote_language_model(RemoteModelSettings settings) {
  return std::make_unique<RemoteLanguageModel>(std::move(settings));
}

}  // namespace kinora
