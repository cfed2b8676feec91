#include "embeddings.hpp"

#include <fstream>

namespace kinora::bench {

namespace {

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

EmbeddingBench::EmbeddingBench(EmbedderSettings settings, std::filesystem::path kinora, Log& log)
    : launcher_({.jail = std::move(kinora)}), embedder_(open_embedder(std::move(settings), launcher_, pool_, log)) {}

Task<Result<std::string>> EmbeddingBench::passages(std::filesystem::path file) {
  co_await ok(embedder_->embed(EmbeddingRole::passage, lines_of(file)));
  co_return "done";
}

Task<Result<std::string>> EmbeddingBench::queries(std::filesystem::path file) {
  for (const auto& line : lines_of(file)) {
    std::vector one{line};
    co_await ok(embedder_->embed(EmbeddingRole::query, std::move(one)));
  }
  co_return "done";
}

}  // namespace kinora::bench
