#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "base/health.hpp"
#include "base/log.hpp"
#include "base/pool.hpp"
#include "children/launcher.hpp"
#include "ports/embedder.hpp"
#include "ports/word_embedder.hpp"

namespace kinora {

struct EmbedderSettings {
  std::filesystem::path program;  ///< llama-server
  std::filesystem::path model;    ///< multilingual-e5-small as GGUF; for words also all-MiniLM-L6-v2
  std::filesystem::path folder;  ///< the server's private folder, made when absent; its socket's path must stay under 108 bytes
  std::string model_sha256{};    ///< as verified when it was installed; part of model()
  std::chrono::steady_clock::duration idle_limit = std::chrono::minutes(5);
};

/// An embedder with a server behind it.
class ServedEmbedder : public Embedder {
 public:
  /// Runs the server whenever it is wanted, until its fiber is stopped: spawn it in the group of whoever owns the embedder.
  /// Without it every embed() waits until its fiber is stopped.
  virtual Task<void> serve() = 0;
};

/// llama-server with one model, jailed, on a UNIX socket: started at the first text, stopped when idle, rested after a crash. A
/// missing program or model shows at each call, as unavailable (code `no_model`). Launcher, pool (for normalising and cutting
/// long batches) and log outlive the embedder.
std::unique_ptr<ServedEmbedder> open_embedder(EmbedderSettings settings, Launcher& launcher, Pool& pool, Log& log);

HealthPart health_of(const EmbedderSettings& settings);

/// A word embedder with a server behind it; see ServedEmbedder.
class ServedWordEmbedder : public WordEmbedder {
 public:
  virtual Task<void> serve() = 0;
};

/// How a model wants to be asked for words.
struct WordModel {
  std::string prefix{};  ///< in front of each text, a word of its own
  std::string socket{};  ///< the server's, a name in the folder
};
inline const WordModel multilingual_e5{"query: ", "words.sock"};
inline const WordModel english_minilm{"", "english.sock"};

std::unique_ptr<ServedWordEmbedder> open_word_embedder(EmbedderSettings settings, WordModel model, Launcher& launcher,
                                                       Pool& pool, Log& log);

}  // namespace kinora
