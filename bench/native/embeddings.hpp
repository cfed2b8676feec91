#pragma once

#include "adapters/embedder/open.hpp"

namespace kinora::bench {

/// The embedder as the server has it: its model server, jailed, at the other end of a socket.
class EmbeddingBench {
 public:
  /// `kinora` is the program that becomes the jail; `log` outlives this.
  EmbeddingBench(EmbedderSettings settings, std::filesystem::path kinora, Log& log);
  ~EmbeddingBench() { pool_.join(); }

  Task<void> serve() { return embedder_->serve(); }

  /// The lines of a file as passages, all at once.
  Task<Result<std::string>> passages(std::filesystem::path file);
  /// The lines of a file as queries, one after the other.
  Task<Result<std::string>> queries(std::filesystem::path file);

 private:
  Launcher launcher_;
  Pool pool_{"embeddings", 1, 16};
  std::unique_ptr<ServedEmbedder> embedder_;
};

}  // namespace kinora::bench
