#pragma once

#include <span>
#include <string>
#include <vector>

#include "adapters/search_index/embedded/files.hpp"
#include "adapters/search_index/embedded/ranking.hpp"
#include "ports/search_index.hpp"

namespace kinora::search_file {

/// One video a query may look at.
struct ScopedVideo {
  std::int64_t number;
  std::int64_t shelf;  ///< where its postings are read: the asker's own, else the public one
  std::string id;
  std::uint32_t first_chunk;  ///< its place when all chunks of the scope stand in one row
  std::uint32_t chunks;
  std::int64_t vector_file;  ///< 0: none
  std::int64_t first_slot;
};

/// All that a query may look at, sorted by shelf and number, as postings are.
class Scope {
 public:
  void add(ScopedVideo video, std::int64_t terms);
  /// Sorts and gives every video its first_chunk.
  void settle();

  const std::vector<ScopedVideo>& videos() const { return videos_; }
  search_ranking::Corpus corpus() const { return corpus_; }
  std::span<const ScopedVideo> of_shelf(std::int64_t shelf) const;
  const ScopedVideo& video_of(std::uint32_t chunk) const;

 private:
  std::vector<ScopedVideo> videos_;
  search_ranking::Corpus corpus_;
};

/// Reads scopes out of the rows of videos.
class ScopeReader {
 public:
  explicit ScopeReader(Connection& connection);
  /// Errors stick to the connection.
  Scope read(const SearchScope& asked);

 private:
  std::int64_t shelf_of(const SearchScope& asked);
  void take(Statement& rows, Scope& scope);

  Statement shelf_, own_, others_, one_;
};

}  // namespace kinora::search_file
