#include "modules/search/search.hpp"

#include <algorithm>

#include "base/task_group.hpp"
#include "modules/search/second_look.hpp"
#include "modules/search/sentences.hpp"

namespace kinora::search {

namespace {

// Each costs a person some 20 ms the first time. Fused ranks alone would lose passages that share no word with the question
// to those that share a common one, so the nearest come first and the others fill up.
constexpr std::size_t nearest_looked_at = 12;
constexpr std::size_t looked_at_twice = 18;

std::vector<SearchHit> nearest_first(std::vector<SearchHit> nearest, const std::vector<SearchHit>& others) {
  for (const auto& hit : others)
    if (std::ranges::find(nearest, hit.chunk, &SearchHit::chunk) == nearest.end()) nearest.push_back(hit);
  return nearest;
}

/// Without vectors a sentence fits by the share of the question's words that it has.
std::vector<Moment> with_shared_words(const std::string& question, std::vector<Moment> moments) {
  const auto asked = ai::content_words(question);
  for (auto& moment : moments) {
    moment.sentences = sentences_of(moment.text);
    for (auto& sentence : moment.sentences) {
      const auto said = ai::content_words(sentence.text);
      const auto shared = std::ranges::count_if(asked, [&](const auto& word) { return said.contains(word); });
      sentence.fit = asked.empty() ? 0 : static_cast<double>(shared) / static_cast<double>(asked.size());
    }
  }
  return moments;
}

}  // namespace

Search::Search(media::Media& media, SearchIndex& index, Embedder& embedder, Readers readers, Database& database)
    : media_(media), index_(index), embedder_(embedder), second_look_(std::make_unique<SecondLook>(readers, database)) {}
Search::~Search() = default;

Task<Result<std::vector<Moment>>> Search::find(Caller caller, Query query) {
  const auto wanted = query.limit;
  const auto mode = query.mode;
  const auto question = query.text;
  if (mode == SearchMode::keyword) co_return co_await first_look(std::move(caller), std::move(query));
  query.limit = std::max(query.limit, looked_at_twice);
  // Servers, two seconds each, start together.
  TaskGroup beside((co_await this_fiber).executor);
  beside.spawn(second_look_->wake(question));
  auto found = co_await first_look(std::move(caller), std::move(query));
  co_await beside.join();
  auto first = co_await ok(std::move(found));
  auto moments = co_await ok(second_look(question, std::move(first)));
  if (moments.size() > wanted) moments.resize(wanted);
  co_return moments;
}

Task<Result<double>> Search::evidence(std::string question, std::string quote, std::string language) {
  return second_look_->evidence(std::move(question), std::move(quote), std::move(language));
}

Task<Result<std::vector<Moment>>> Search::first_look(Caller caller, Query query) {
  auto scope = co_await ok(scope_of(caller, query));
  if (!scope) co_return std::vector<Moment>();
  SearchQuery ask{.scope = *std::move(scope), .mode = query.mode, .text = query.text, .limit = query.limit};
  if (query.mode != SearchMode::keyword) {
    ask.vector = co_await ok(vector_of(query));
    ask.embedding_model = embedder_.model();
    // "How can I" stands in every second sentence: by rank it would outvote the meaning.
    if (!ask.vector.empty()) ask.text = ai::without_function_words(query.text);
  }
  auto hits = co_await ok(index_.query(ask));
  if (query.mode == SearchMode::hybrid && !ask.vector.empty()) {
    ask.mode = SearchMode::semantic;
    ask.limit = nearest_looked_at;
    auto nearest = co_await ok(index_.query(std::move(ask)));
    hits = nearest_first(std::move(nearest), hits);
  }

  std::vector<VideoId> ids;
  for (const auto& hit : hits)
    if (std::ranges::find(ids, hit.video) == ids.end()) ids.push_back(hit.video);
  const auto seen = co_await ok(media_.visible(caller, std::move(ids)));

  std::vector<Moment> moments;
  for (const auto& hit : hits) {
    const auto video = std::ranges::find(seen, hit.video, &media::Video::id);
    if (video != seen.end())
      moments.push_back({hit.video, video->title, video->language.value_or(std::string()), hit.start, hit.end, hit.text,
                         hit.score, hit.semantic, hit.keyword});
  }
  co_return moments;
}

Task<Result<std::optional<SearchScope>>> Search::scope_of(Caller caller, Query query) {
  auto scope = media::scope_of(caller);
  scope.language = query.language;
  scope.videos = std::move(query.videos);
  if (!query.channel) co_return scope;
  const auto of_channel = co_await ok(media_.findable(std::move(caller), {.channel = query.channel}));
  const bool any_video = scope.videos.empty();
  std::vector<VideoId> both;
  for (const auto& video : of_channel)
    if (any_video || std::ranges::find(scope.videos, video.id) != scope.videos.end()) both.push_back(video.id);
  if (both.empty()) co_return std::nullopt;  // an empty list would mean every video
  scope.videos = std::move(both);
  co_return scope;
}

// A second look that fails, or for which there are no vectors, costs only its better order.
Task<Result<std::vector<Moment>>> Search::second_look(std::string question, std::vector<Moment> moments) {
  const auto count = std::min(moments.size(), looked_at_twice);
  std::vector<Moment> best(moments.begin(), moments.begin() + static_cast<std::ptrdiff_t>(count));
  auto sorted = co_await second_look_->sorted(question, std::move(best));
  if (!sorted && sorted.error().kind == ErrorKind::cancelled) co_return std::unexpected(std::move(sorted.error()));
  if (!sorted) co_return with_shared_words(question, std::move(moments));
  const auto least = sorted->empty() ? 0 : sorted->back().score;
  const auto rest = std::ranges::move(*sorted, moments.begin()).out;
  for (auto& each : std::ranges::subrange(rest, moments.end())) each.score = std::min(each.score, least);
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
