#include <algorithm>
#include <boost/json/array.hpp>

#include "adapters/embedder/llama/model_file.hpp"
#include "adapters/embedder/llama/passages.hpp"
#include "adapters/embedder/llama/word_vectors.hpp"
#include "adapters/embedder/open.hpp"
#include "adapters/llama_server/llama_server.hpp"
#include "adapters/llama_server/turns.hpp"
#include "base/deadline.hpp"
#include "base/json.hpp"
#include "base/recently_used.hpp"

namespace kinora {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t reply_bytes_max = 16 << 20;  // of 1,000 tokens, each with its vector, 9 MB
constexpr std::size_t cached_sentences = 512;      // of 15 words: 12 MB
constexpr auto batch_limit = 20s;                  // takes 200 ms where nothing else is computed

LlamaServerSettings server_settings(const EmbedderSettings& settings, const WordModel& model) {
  return {.called = "word embedding server",
          .program = settings.program,
          .model = settings.model,
          .folder = settings.folder,
          .socket = model.socket,
          .arguments = {"--embedding", "--pooling", "none", "-c", "512", "-b", "512", "-ub", "512"},
          .idle_limit = settings.idle_limit};
}

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

class LlamaWordEmbedder final : public ServedWordEmbedder {
 public:
  LlamaWordEmbedder(EmbedderSettings settings, WordModel model, Launcher& launcher, Pool& pool, Log& log)
      : settings_(std::move(settings)),
        model_(std::move(model)),
        pool_(pool),
        server_(server_settings(settings_, model_), launcher, log) {}

  std::string model() const override { return embedding::model_name(settings_); }
  Task<void> serve() override { return server_.serve(); }
  Task<void> wake() override {
    if (embedding::require_installed(settings_)) static_cast<void>(co_await server_.use());
  }

  Task<Result<std::vector<WordVectors>>> embed_words(std::vector<std::string> texts) override {
    co_await ok(embedding::require_installed(settings_));
    const auto prepared = co_await ok(on(pool_, prepare_all, model_.prefix, std::move(texts)));
    std::vector<std::optional<WordVectors>> known;
    std::vector<std::string> unknown;
    for (const auto& text : prepared) {
      known.push_back(cache_.find(text));
      if (!known.back()) unknown.push_back(text);
    }
    auto made = co_await ok(embed_batches(unknown));
    std::vector<WordVectors> vectors;
    for (auto next = made.begin(); auto& each : known) vectors.push_back(each ? *std::move(each) : std::move(*next++));
    co_return vectors;
  }

 private:
  static std::vector<std::string> prepare_all(const std::string& prefix, const std::vector<std::string>& texts) {
    std::vector<std::string> prepared;
    for (const auto& text : texts) prepared.push_back(embedding::prepared(prefix, text));
    return prepared;
  }

  Task<Result<std::vector<WordVectors>>> embed_batches(std::vector<std::string> prepared) {
    std::vector<WordVectors> vectors;
    auto next = prepared.begin();
    for (const auto size : embedding::batch_sizes(prepared)) {
      const std::vector<std::string> batch(next, next + static_cast<std::ptrdiff_t>(size));
      const auto use = co_await ok(server_.use());  // a start has a limit of its own
      auto made = co_await ok(within(batch_limit, ask(batch)));
      for (auto& each : made) cache_.put(*next++, vectors.emplace_back(std::move(each)));
    }
    co_return vectors;
  }

  // The server says what the tokens are in another place than what their vectors are. No token crosses a space, so the texts
  // can stand side by side when it is asked for the first.
  Task<Result<std::vector<WordVectors>>> ask(std::vector<std::string> batch) {
    const auto turn = co_await ok(turns_.take(Urgency::person));
    std::string side_by_side;
    for (const auto& text : batch) side_by_side += (side_by_side.empty() ? "" : " ") + text;
    auto vectors_body = R"({"content":)" + to_json(batch) + '}';
    auto pieces_body = R"({"with_pieces":true,"content":)" + to_json(side_by_side) + '}';
    const auto vectors = co_await ok(server_.ask("/embeddings", std::move(vectors_body), reply_bytes_max));
    const auto pieces = co_await ok(server_.ask("/tokenize", std::move(pieces_body), reply_bytes_max));
    if (vectors.status != 200 || pieces.status != 200)
      co_return fail(ErrorKind::unavailable, "the embedding server refuses a sentence");
    const std::size_t words_of_prefix = model_.prefix.empty() ? 0 : 1;
    co_return co_await on(pool_, parse_words, vectors.body, pieces.body, batch.size(), words_of_prefix);
  }

  static Result<std::vector<WordVectors>> parse_words(const std::string& vectors, const std::string& pieces, std::size_t count,
                                                      std::size_t words_of_prefix) {
    const auto tokens = parse_tokens(vectors, count);
    if (!tokens) return std::unexpected(tokens.error());
    const auto named = parse_pieces(pieces);
    if (!named) return std::unexpected(named.error());
    return embedding::words_of(*tokens, *named, words_of_prefix);
  }

  EmbedderSettings settings_;
  WordModel model_;
  Pool& pool_;
  LlamaServer server_;
  Turns turns_;
  RecentlyUsed<WordVectors> cache_{cached_sentences};
};

}  // namespace

std::unique_ptr<ServedWordEmbedder> open_word_embedder(EmbedderSettings settings, WordModel model, Launcher& launcher,
                                                       Pool& pool, Log& log) {
  return std::make_unique<LlamaWordEmbedder>(std::move(settings), std::move(model), launcher, pool, log);
}

}  // namespace kinora
