#include <algorithm>
#include <boost/json/array.hpp>
#include <cmath>
#include <system_error>

#include "adapters/embedder/llama/passages.hpp"
#include "adapters/embedder/llama/text_cache.hpp"
#include "adapters/embedder/llama/word_vectors.hpp"
#include "adapters/embedder/open.hpp"
#include "adapters/llama_server/llama_server.hpp"
#include "adapters/llama_server/turns.hpp"
#include "base/deadline.hpp"
#include "base/json.hpp"
#include "base/task_group.hpp"

namespace kinora {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t e5_dimension = 384;
constexpr std::size_t reply_bytes_max = 16 << 20;  // 16 vectors are 150 KB; of 1,000 tokens, each with its own, 9 MB
constexpr std::size_t cached_queries = 1000;
constexpr std::size_t cached_sentences = 512;  // of 15 words: 12 MB
constexpr int halvings_max = 6;
constexpr std::size_t hash_shown = 12;

// Started, a query takes 10 ms, a batch half a second; a machine that is busy with encoding may need many times that.
constexpr auto query_limit = 20s;
constexpr auto batch_limit = 120s;

/// A server gives the mean of a text's tokens or each of them, by how it was started.
struct Pooling {
  std::string argument;
  std::string socket;
  std::string called;
};
const Pooling of_texts{"mean", "embed.sock", "embedding server"};
const Pooling of_tokens{"none", "words.sock", "word embedding server"};

// Texts of one batch pay for each other's length.
LlamaServerSettings server_settings(const EmbedderSettings& settings, const Pooling& pooling) {
  return {.called = pooling.called,
          .program = settings.program,
          .model = settings.model,
          .folder = settings.folder,
          .socket = pooling.socket,
          .arguments = {"--embedding", "--pooling", pooling.argument, "-c", "512", "-b", "512", "-ub", "512"},
          .idle_limit = settings.idle_limit};
}

struct EmbeddingMessage {
  std::size_t index = 0;
  std::vector<double> embedding{};
};
struct EmbeddingsMessage {
  std::vector<EmbeddingMessage> data{};
};

struct TokensMessage {
  std::size_t index = 0;
  embedding::TokenVectors embedding{};
};
struct PieceMessage {
  boost::json::value piece{};
};
struct PiecesMessage {
  std::vector<PieceMessage> tokens{};
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

Result<std::vector<embedding::TokenVectors>> parse_tokens(const std::string& body, std::size_t count) {
  auto message = from_json_text<std::vector<TokensMessage>>(body);
  if (!message) return fail(ErrorKind::internal, "the embedding server said what is no answer: " + message.error().message);
  std::ranges::sort(*message, {}, &TokensMessage::index);
  if (message->size() != count)
    return fail(ErrorKind::internal, "the embedding server gave another number of vectors than texts");
  std::vector<embedding::TokenVectors> texts;
  for (auto& each : *message) texts.push_back(std::move(each.embedding));
  return texts;
}

/// A piece that is no UTF-8 by itself comes as a list of bytes.
Result<embedding::Pieces> parse_pieces(const std::string& body) {
  const auto message = from_json_text<PiecesMessage>(body);
  if (!message) return fail(ErrorKind::internal, "the embedding server said what is no answer: " + message.error().message);
  embedding::Pieces pieces;
  for (const auto& each : message->tokens)
    pieces.emplace_back(each.piece.is_string() ? std::string_view(each.piece.get_string()) : std::string_view());
  return pieces;
}

Result<void> require(const std::filesystem::path& file, std::string_view what) {
  std::error_code failed;
  if (std::filesystem::is_regular_file(file, failed)) return {};
  return fail(ErrorKind::unavailable,
              "search by meaning is off: " + std::string(what) + " is not installed. Bring it with `make setup`.", "no_model");
}

class LlamaEmbedder final : public ServedEmbedder {
 public:
  LlamaEmbedder(EmbedderSettings settings, Launcher& launcher, Pool& pool, Log& log)
      : settings_(std::move(settings)),
        pool_(pool),
        server_(server_settings(settings_, of_texts), launcher, log),
        word_server_(server_settings(settings_, of_tokens), launcher, log) {}

  std::string model() const override {
    auto name = settings_.model.stem().string();
    if (settings_.model_sha256.empty()) return name;
    return name + '@' + settings_.model_sha256.substr(0, hash_shown);
  }
  std::size_t dimension() const override { return e5_dimension; }
  Task<void> serve() override {
    TaskGroup words((co_await this_fiber).executor);
    words.spawn(word_server_.serve());
    co_await server_.serve();
    words.stop();
    co_await words.join();
  }

  Task<Result<std::vector<Vector>>> embed(EmbeddingRole role, std::vector<std::string> texts) override {
    const auto prepared = co_await ok(prepared_texts(role, std::move(texts)));
    if (role == EmbeddingRole::passage) co_return co_await embed_batches(prepared);
    // Whoever asks reads what is found word by word: the servers, two seconds each, start together.
    TaskGroup beside((co_await this_fiber).executor);
    beside.spawn(start_word_server());
    auto vectors = co_await embed_queries(prepared);
    co_await beside.join();
    co_return vectors;
  }

  // Question and sentence both as queries: word by word they are compared with each other, and what has one prefix is measured
  // better than what has two.
  Task<Result<std::vector<WordVectors>>> embed_words(std::vector<std::string> texts) override {
    const auto prepared = co_await ok(prepared_texts(EmbeddingRole::query, std::move(texts)));
    std::vector<std::optional<WordVectors>> known;
    std::vector<std::string> unknown;
    for (const auto& text : prepared) {
      known.push_back(word_cache_.find(text));
      if (!known.back()) unknown.push_back(text);
    }
    auto made = co_await ok(embed_word_batches(unknown));
    std::vector<WordVectors> vectors;
    for (auto next = made.begin(); auto& each : known) vectors.push_back(each ? *std::move(each) : std::move(*next++));
    co_return vectors;
  }

 private:
  static std::vector<std::string> prepare_all(EmbeddingRole role, const std::vector<std::string>& texts) {
    std::vector<std::string> prepared;
    prepared.reserve(texts.size());
    for (const auto& text : texts) prepared.push_back(embedding::prepared(role, text));
    return prepared;
  }

  Task<Result<std::vector<std::string>>> prepared_texts(EmbeddingRole role, std::vector<std::string> texts) {
    co_await ok(require(settings_.program, "llama-server"));
    co_await ok(require(settings_.model, settings_.model.filename().string()));
    co_return co_await on(pool_, prepare_all, role, std::move(texts));
  }

  Task<void> start_word_server() { static_cast<void>(co_await word_server_.use()); }

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

  Task<Result<std::vector<WordVectors>>> embed_word_batches(std::vector<std::string> prepared) {
    std::vector<WordVectors> vectors;
    auto next = prepared.begin();
    for (const auto size : embedding::batch_sizes(prepared)) {
      const auto end = next + static_cast<std::ptrdiff_t>(size);
      const std::vector<std::string> batch(next, end);
      const auto use = co_await ok(word_server_.use());  // a start has a limit of its own
      auto made = co_await ok(within(query_limit, ask_words(batch)));
      for (auto& each : made) word_cache_.put(*next++, vectors.emplace_back(std::move(each)));
    }
    co_return vectors;
  }

  // The server says what the tokens are in another place than what their vectors are. No token crosses a space, so the texts
  // can stand side by side when it is asked for the first.
  Task<Result<std::vector<WordVectors>>> ask_words(std::vector<std::string> batch) {
    const auto turn = co_await ok(word_turns_.take(Urgency::person));
    const auto use = co_await ok(word_server_.use());
    std::string side_by_side;
    for (const auto& text : batch) side_by_side += (side_by_side.empty() ? "" : " ") + text;
    auto vectors_body = R"({"content":)" + to_json(batch) + '}';
    auto pieces_body = R"({"with_pieces":true,"content":)" + to_json(side_by_side) + '}';
    const auto vectors = co_await ok(word_server_.ask("/embeddings", std::move(vectors_body), reply_bytes_max));
    const auto pieces = co_await ok(word_server_.ask("/tokenize", std::move(pieces_body), reply_bytes_max));
    if (vectors.status != 200 || pieces.status != 200)
      co_return fail(ErrorKind::unavailable, "the embedding server refuses a sentence");
    co_return co_await on(pool_, parse_words, vectors.body, pieces.body, batch.size());
  }

  static Result<std::vector<WordVectors>> parse_words(const std::string& vectors, const std::string& pieces,
                                                      std::size_t count) {
    const auto tokens = parse_tokens(vectors, count);
    if (!tokens) return std::unexpected(tokens.error());
    const auto named = parse_pieces(pieces);
    if (!named) return std::unexpected(named.error());
    return embedding::words_of(*tokens, *named);
  }

  EmbedderSettings settings_;
  Pool& pool_;
  LlamaServer server_;
  LlamaServer word_server_;
  Turns turns_;
  Turns word_turns_;
  embedding::TextCache<Vector> cache_{cached_queries};
  embedding::TextCache<WordVectors> word_cache_{cached_sentences};
};

}  // namespace

std::unique_ptr<ServedEmbedder> open_embedder(EmbedderSettings settings, Launcher& launcher, Pool& pool, Log& log) {
  return std::make_unique<LlamaEmbedder>(std::move(settings), launcher, pool, log);
}

}  // namespace kinora
