#include "adapters/search_index/embedded/ranking.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_map>

namespace kinora::search_ranking {

namespace {
constexpr double k1 = 1.2;
constexpr double b = 0.75;
constexpr double rank_offset = 60;
}  // namespace

void add_bm25(Corpus corpus, std::span<const Occurrence> occurrences, std::span<float> scores) {
  const auto all = static_cast<double>(corpus.chunks);
  const auto holding = static_cast<double>(occurrences.size());
  const double rarity = std::log(1 + (all - holding + 0.5) / (holding + 0.5));
  const double mean_terms = std::max(1.0, corpus.terms / std::max(1.0, all));
  const auto gain = static_cast<float>(rarity * (k1 + 1));
  const auto flat = static_cast<float>(k1 * (1 - b));
  const auto per_term = static_cast<float>(k1 * b / mean_terms);
  for (const auto& each : occurrences) {
    const auto count = static_cast<float>(each.count);
    scores[each.chunk] += gain * count / (count + flat + per_term * static_cast<float>(each.chunk_terms));
  }
}

std::vector<Fused> fuse(std::span<const std::vector<search_vectors::Scored>> lists) {
  std::unordered_map<std::uint32_t, double> scores;
  const double first = static_cast<double>(lists.size()) / (rank_offset + 1);
  for (const auto& list : lists)
    for (std::size_t rank = 0; rank < list.size(); ++rank)
      scores[list[rank].key] += 1 / (rank_offset + 1 + static_cast<double>(rank)) / first;
  std::vector<Fused> fused;
  fused.reserve(scores.size());
  for (const auto& [chunk, score] : scores) fused.push_back({chunk, std::min(score, 1.0)});
  std::ranges::sort(fused, [](const Fused& left, const Fused& right) {
    return left.score != right.score ? left.score > right.score : left.chunk < right.chunk;
  });
  return fused;
}

}  // namespace kinora::search_ranking
