#pragma once

#include <memory>
#include <vector>

#include "adapters/search_index/embedded/files.hpp"
#include "adapters/search_index/embedded/scope.hpp"
#include "ports/search_index.hpp"

namespace kinora::search_file {

/// Answers queries over one connection. One thread at a time.
class Reader {
 public:
  /// `files` must outlive it.
  static Result<std::unique_ptr<Reader>> open(const Files& files);

  Result<std::vector<SearchHit>> query(const SearchQuery& query);
  Result<std::vector<VideoId>> missing(const std::vector<VideoId>& videos);

 private:
  using Ranked = std::vector<search_vectors::Scored>;

  Reader(const Files& files, std::unique_ptr<Connection> connection);

  std::vector<SearchHit> hits(const SearchQuery& query, const Scope& scope);
  std::vector<float> keyword_scores(const std::string& text, const Scope& scope);
  void add_occurrences(const std::string& term, std::span<const ScopedVideo> videos,
                       std::vector<search_ranking::Occurrence>& found);
  Ranked nearest(const SearchQuery& query, const Scope& scope);
  void rescore(const Vector& vector, const Scope& scope, Ranked& ranked);
  /// Null unless the file's vectors can be compared with the query's.
  std::shared_ptr<const search_vectors::Mapping> mapping_for(const SearchQuery& query, std::int64_t vector_file) const;
  std::optional<SearchHit> hit(const SearchQuery& query, const Scope& scope, search_ranking::Fused fused);

  const Files& files_;
  std::unique_ptr<Connection> connection_;
  ScopeReader scopes_;
  Statement postings_, vector_, chunk_, exists_;
};

}  // namespace kinora::search_file
