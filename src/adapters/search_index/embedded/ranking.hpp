#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "adapters/search_index/embedded/vectors.hpp"

namespace kinora::search_ranking {

/// One chunk that holds a term: where it stands in the scope, how often the term occurs in it, how long it is in terms.
struct Occurrence {
  std::uint32_t chunk;
  std::uint16_t count;
  std::uint16_t chunk_terms;
};

/// What the scope holds. Only its own chunks count: nobody's ranking changes with what others upload.
struct Corpus {
  std::size_t chunks = 0;
  double terms = 0;
};

/// Adds one term's share of Okapi BM25 (Robertson, Zaragoza 2009; k1 = 1.2, b = 0.75) to the score of each chunk. The inverse
/// document frequency, in Lucene's never-negative form, is what makes the stop words of a question weigh next to nothing.
void add_bm25(Corpus corpus, std::span<const Occurrence> occurrences, std::span<float> scores);

struct Fused {
  std::uint32_t chunk;
  double score;
};

/// Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009; k = 60) of lists that are sorted best first, scaled so that the
/// first of every list scores 1. Best first; equals in the order of their chunks.
std::vector<Fused> fuse(std::span<const std::vector<search_vectors::Scored>> lists);

}  // namespace kinora::search_ranking
