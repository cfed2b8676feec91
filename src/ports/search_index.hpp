#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/task.hpp"
#include "base/time.hpp"
#include "ports/embedder.hpp"

namespace kinora {

/// What a search may look at. Indexed terms, so that a small tenant never pays for the library; who sees a video is decided in
/// modules/media/visibility.cpp, and hits are checked there again before they leave.
struct SearchScope {
  std::optional<UserId> owner{};  ///< this person's videos
  bool public_videos = false;     ///< and, or only, everybody's public ones
  std::vector<VideoId> videos{};  ///< when not empty: only these, within the above
  std::string language{};         ///< when not empty: only this
};

struct IndexedChunk {
  ChunkId id{};
  Seconds start{0};
  Seconds end{0};
  std::string text;
  Vector vector{};  ///< empty when there is none (yet): found by its words only
};

/// All that is searchable of one video; replaces what was there.
struct IndexedVideo {
  VideoId id{};
  UserId owner{};
  bool is_public = false;
  std::string language{};
  std::string title{};
  std::string embedding_model{};  ///< empty when the chunks have no vectors
  std::vector<IndexedChunk> chunks{};
};

enum class SearchMode : std::uint8_t { hybrid, semantic, keyword };

struct SearchQuery {
  SearchScope scope{};
  SearchMode mode = SearchMode::hybrid;
  std::string text{};
  Vector vector{};  ///< of the text; empty makes hybrid a keyword search
  std::size_t limit = 20;
  std::string embedding_model{};  ///< that made `vector`; videos embedded by another one are found by words only
};

struct SearchHit {
  ChunkId chunk{};
  VideoId video{};
  Seconds start{0};
  Seconds end{0};
  std::string text;
  double score = 0;                  ///< fused, 0..1
  std::optional<double> keyword{};   ///< BM25, higher is better
  std::optional<double> semantic{};  ///< cosine
};

/// Disposable: can be rebuilt from the database at any time. Any thread. Words match without accents and case; CJK by bigrams.
class SearchIndex {
 public:
  virtual ~SearchIndex() = default;
  /// Durable and visible to the next query when it returns; idempotent.
  virtual Task<Result<void>> replace(IndexedVideo video) = 0;
  virtual Task<Result<void>> remove(VideoId video) = 0;
  /// Those of `videos` that are not in the index: after a loss or a new index format they are put in again.
  virtual Task<Result<std::vector<VideoId>>> missing(std::vector<VideoId> videos) = 0;
  /// Best first; ranks fused by reciprocal rank (Cormack et al. 2009). At most 200 hits, of each ranking the first 100; with a
  /// greater limit come the same ones first.
  virtual Task<Result<std::vector<SearchHit>>> query(SearchQuery query) = 0;
};

}  // namespace kinora
