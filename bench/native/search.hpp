#pragma once

#include <memory>

#include "adapters/search_index/open.hpp"
#include "corpus.hpp"

namespace kinora::bench {

/// The embedded search index under a corpus, which is put in by the first order that needs it.
class SearchBench {
 public:
  /// `log` outlives it.
  SearchBench(std::filesystem::path folder, Log& log) : folder_(std::move(folder)), log_(log) {}
  ~SearchBench() { pool_.join(); }

  /// Puts in so many chunks and leaves in the folder what a peer needs; yields how many became searchable in a second.
  Task<Result<std::string>> fill(std::size_t chunks);
  /// One after the other; each yields the 99th percentile of their times in milliseconds.
  Task<Result<std::string>> in_one_language(std::size_t queries);
  Task<Result<std::string>> of_one_person(std::size_t queries);
  /// The ten nearest by meaning for each query, as a list of lists of numbers.
  Task<Result<std::string>> nearest(std::size_t queries);

 private:
  Task<Result<std::string>> ask(std::size_t queries, bool by_language);
  SearchQuery query(std::size_t number, bool by_language) const;

  std::filesystem::path folder_;
  Log& log_;
  Pool pool_{"search", 1, 16};
  Corpus corpus_{0};
  std::unique_ptr<SearchIndex> index_;
};

}  // namespace kinora::bench
