#include "modules/search/search.hpp"

#include <algorithm>

namespace kinora::search {

Task<Result<std::vector<Moment>>> Search::find(Caller caller, Query query) {
  SearchQuery ask{.scope = media::scope_of(caller), .mode = query.mode, .text = query.text, .limit = query.limit};
  ask.scope.videos = query.videos;
  ask.scope.language = query.language;
  if (query.mode != SearchMode::keyword) {
    ask.vector = co_await ok(vector_of(query));
    ask.embedding_model = embedder_.model();
    // "How can I" stands in every second sentence: by rank it would outvote the meaning.
    if (!ask.vector.empty()) ask.text = without_function_words(query.text);
  }
  const auto hits = co_await ok(index_.query(std::move(ask)));

  std::vector<VideoId> ids;
  for (const auto& hit : hits)
    if (std::ranges::find(ids, hit.video) == ids.end()) ids.push_back(hit.video);
  const auto seen = co_await ok(media_.visible(caller, std::move(ids)));

  std::vector<Moment> moments;
  for (const auto& hit : hits) {
    const auto video = std::ranges::find(seen, hit.video, &media::Video::id);
    if (video != seen.end())
      moments.push_back({hit.video, video->title, hit.start, hit.end, hit.text, hit.score, hit.semantic, hit.keyword});
  }
  co_return moments;
}

// No embedder is normal: a hybrid search is then by words alone.
Task<Result<Vector>> Search::vector_of(Query query) {
  std::vector texts{query.text};
  auto vectors = co_await embedder_.embed(EmbeddingRole::query, std::move(texts));
  if (!vectors && vectors.error().kind == ErrorKind::unavailable && query.mode == SearchMode::hybrid) co_return Vector{};
  if (!vectors) co_return std::unexpected(std::move(vectors.error()));
  co_return std::move(vectors->front());
}

}  // namespace kinora::search
