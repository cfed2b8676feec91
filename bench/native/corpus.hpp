#pragma once

#include <filesystem>
#include <random>
#include <vector>

#include "ports/search_index.hpp"

namespace kinora::bench {

/// What is searched: videos of made-up words and vectors, public, of fifty people and in two languages by turns. The same
/// number gives the same video, so nothing of it is kept.
class Corpus {
 public:
  static constexpr std::size_t chunks_per_video = 200;

  explicit Corpus(std::size_t videos);

  std::size_t videos() const { return videos_; }
  IndexedVideo video(std::size_t number) const;
  /// Asks for a chunk by three of its commonest words, three of its rarest, and a vector near its own.
  SearchQuery query(std::size_t number) const;
  /// The place of a chunk among all, from the id that video() gave it.
  static std::size_t number_of(ChunkId chunk);

  /// For a peer: chunks.tsv (owner, language, text), vectors.f32, and queries.tsv, queries.f32 likewise.
  void write(const std::filesystem::path& folder, std::size_t queries) const;

 private:
  using Words = std::vector<std::size_t>;  ///< by rank: 0 is the commonest
  Words words(std::mt19937_64& random) const;
  Vector near(const Vector& middle, float distance, std::mt19937_64& random) const;

  std::size_t videos_;
  std::vector<double> cumulated_;  ///< shares of the words up to each rank
  std::vector<Vector> topics_;
};

}  // namespace kinora::bench
