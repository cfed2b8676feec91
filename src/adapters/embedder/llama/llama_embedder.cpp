#include <algorithm>
#include <cmath>

#include "adapters/embedder/llama/model_file.hpp"
#include "adapters/embedder/llama/passages.hpp"
#include "adapters/embedder/open.hpp"
#include "adapters/llama_server/llama_server.hpp"
#include "adapters/llama_server/turns.hpp"
#include "base/deadline.hpp"
#include "base/json.hpp"
#include "base/recently_used.hpp"
#include "children/health.hpp"

namespace kinora {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t e5_dimension = 384;
constexpr std::size_t reply_bytes_max = 4 << 20;  // 16 vectors are 150 KB
constexpr std::size_t cached_queries = 1000;
constexpr int halvings_max = 6;

// Started, a query takes 10 ms, a batch half a second; a machine that is busy with encoding may need many times that.
constexpr auto query_limit = 20s;
constexpr auto batch_limit = 120s;

// Texts of one batch pay for each other's length.
LlamaServerSettings server_settings(const EmbedderSettings& settings) {
  return {.called = "embedding server",
          .program = settings.program,
          .model = settings.model,
          .folder = settings.folder,
          .socket = "embed.sock",
          .arguments = {"--embedding", "--pooling", "mean", "-c", "512", "-b", "512", "-ub", "512"},
          .idle_limit = settings.idle_limit};
}

struct EmbeddingMessage {
  std::size_t index = 0;
  std::vector<double> embedding{};
};
struct EmbeddingsMessage {
  std::vector<EmbeddingMessage> data{};
};

std::string request_body(const std::vector<std::string>& texts) {
  std::string body = R"({"encoding_format":"float","input":)";
  append_json(body, texts);
  return body += '}';
}

Result<Vector> unit_vector(const std::vector<double>& numbers) {
  double squares = 0;
  for (const double each : numbers) squares += each * each;
  const double length = std::sqrt(squares);
  if (numbers.size() != e5_dimension || !std::isfinite(length) || length < 0.5)
    return fail(ErrorKind::internal,
                "the embedding model gave what is no vector of " + std::to_string(e5_dimension) + " numbers");
  Vector unit;
  unit.reserve(numbers.size());
  for (const double each : numbers) unit.push_back(static_cast<float>(each / length));
  return unit;
}

Result<std::vector<Vector>> parse_vectors(const std::string& body, std::size_t count) {
  auto message = from_json_text<EmbeddingsMessage>(body);
  if (!message) return fail(ErrorKind::internal, "the embedding server said what is no answer: " + message.error().message);
  std::ranges::sort(message->data, {}, &EmbeddingMessage::index);
  if (message->data.size() != count)
    return fail(ErrorKind::internal, "the embedding server gave another number of vectors than texts");
  std::vector<Vector> vectors;
  for (const auto& each : message->data) {
    auto unit = unit_vector(each.embedding);
    if (!unit) return std::unexpected(std::move(unit.error()));
    vectors.push_back(*std::move(unit));
  }
  return vectors;
}

class LlamaEmbedder final : public ServedEmbedder {
 public:
  LlamaEmbedder(EmbedderSettings settings, Launcher& launcher, Pool& pool, Log& log)
      : settings_(std::move(settings)), pool_(pool), server_(server_settings(settings_), launcher, log) {}

  std::string model() const override { return embedding::model_name(settings_); }
  std::size_t dimension() const override { return e5_dimension; }
  Task<void> serve() override { return server_.serve(); }

  Task<Result<std::vector<Vector>>> embed(EmbeddingRole role, std::vector<std::string> texts) override {
    co_await ok(embedding::require_installed(settings_));
    auto prepared = co_await ok(on(pool_, prepare_all, role, std::move(texts)));
    if (role == EmbeddingRole::query) co_return co_await embed_queries(std::move(prepared));
    co_return co_await embed_batches(std::move(prepared));
  }

 private:
  static std::vector<std::string> prepare_all(EmbeddingRole role, const std::vector<std::string>& texts) {
    std::vector<std::string> prepared;
    prepared.reserve(texts.size());
    for (const auto& text : texts) prepared.push_back(embedding::prepared(embedding::prefix_of(role), text));
    return prepared;
  }

  Task<Result<std::vector<Vector>>> embed_queries(std::vector<std::string> prepared) {
    std::vector<Vector> vectors;
    for (auto& text : prepared) {
      auto known = cache_.find(text);
      if (!known) {
        std::vector<std::string> one{text};
        const auto use = co_await ok(server_.use());  // a start has a limit of its own
        auto made = co_await ok(within(query_limit, ask(EmbeddingRole::query, std::move(one))));
        known = std::move(made.front());
        cache_.put(text, *known);
      }
      vectors.push_back(*std::move(known));
    }
    co_return vectors;
  }

  Task<Result<std::vector<Vector>>> embed_batches(std::vector<std::string> prepared) {
    std::vector<Vector> vectors;
    auto next = prepared.begin();
    for (const auto size : embedding::batch_sizes(prepared)) {
      const auto end = next + static_cast<std::ptrdiff_t>(size);
      std::vector<std::string> batch(std::make_move_iterator(next), std::make_move_iterator(end));
      auto made = co_await ok(within(batch_limit, ask(EmbeddingRole::passage, std::move(batch))));
      std::ranges::move(made, std::back_inserter(vectors));
      next = end;
    }
    co_return vectors;
  }

  Task<Result<std::vector<Vector>>> ask(EmbeddingRole role, std::vector<std::string> batch) {
    const auto turn = co_await ok(turns_.take(role == EmbeddingRole::query ? Urgency::person : Urgency::batch));
    const auto use = co_await ok(server_.use());
    auto body = request_body(batch);
    const auto reply = co_await ok(server_.ask("/v1/embeddings", std::move(body), reply_bytes_max));
    if (reply.status == 200) co_return parse_vectors(reply.body, batch.size());
    // It names no text: one of them is longer than it was estimated.
    std::vector<Vector> vectors;
    for (const auto& text : batch) {
      auto vector = co_await ok(ask_one(text));
      vectors.push_back(std::move(vector));
    }
    co_return vectors;
  }

  Task<Result<Vector>> ask_one(std::string text) {
    for (int i = 0; i <= halvings_max; ++i) {
      const std::vector<std::string> one{text};
      auto body = request_body(one);
      const auto reply = co_await ok(server_.ask("/v1/embeddings", std::move(body), reply_bytes_max));
      if (reply.status == 200) {
        auto vectors = co_await ok(parse_vectors(reply.body, 1));
        co_return std::move(vectors.front());
      }
      text = embedding::halved(text);
    }
    co_return fail(ErrorKind::unavailable, "the embedding server refuses a text, however short");
  }

  EmbedderSettings settings_;
  Pool& pool_;
  LlamaServer server_;
  Turns turns_;
  RecentlyUsed<Vector> cache_{cached_queries};
};

}  // namespace

HealthPart health_of(const EmbedderSettings& settings) {
  return health_of_children("embeddings", {settings.program, settings.model});
}

std::unique_ptr<ServedEmbedder> open_embedder(EmbedderSettings settings, Launcher& launcher, Pool& pool, Log& log) {
  return std::make_unique<LlamaEmbedder>(std::move(settings), launcher, pool, log);
}

}  // namespace kinora
