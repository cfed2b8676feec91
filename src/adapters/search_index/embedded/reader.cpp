#include "adapters/search_index/embedded/reader.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "adapters/search_index/embedded/tokenizer.hpp"

namespace kinora::search_file {

namespace {

constexpr std::size_t hits_max = 200;
// How deep each ranking goes into the fusion: a chunk that is 100th in both beats one that is 1st in neither. The same for
// every limit: what is asked for at a greater one begins with what was found at a smaller.
constexpr std::size_t depth = 100;
// A pasted page is no question; the first terms say enough.
constexpr std::size_t terms_max = 64;

bool wants_words(const SearchQuery& query) { return query.mode != SearchMode::semantic; }
bool wants_meaning(const SearchQuery& query) { return query.mode != SearchMode::keyword && !query.vector.empty(); }

std::vector<search_vectors::Scored> best_of(std::span<const float> scores) {
  search_vectors::Best best(depth);
  for (std::size_t i = 0; i < scores.size(); ++i)
    if (scores[i] > 0) best.offer(scores[i], static_cast<std::uint32_t>(i));
  return std::move(best).sorted();
}

// The index wrote them itself.
template <class SomeId>
SomeId id_of(std::string_view canonical) {
  return {parse_canonical_uuid(canonical).value_or(Uuid{})};
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const Files& files) {
  auto connection = files.connect();
  if (!connection) return std::unexpected(std::move(connection.error()));
  std::unique_ptr<Reader> reader(new Reader(files, *std::move(connection)));
  if (auto prepared = reader->connection_->outcome(); !prepared) return std::unexpected(std::move(prepared.error()));
  return reader;
}

Reader::Reader(const Files& files, std::unique_ptr<Connection> connection)
    : files_(files),
      connection_(std::move(connection)),
      scopes_(*connection_),
      postings_(*connection_, "SELECT video, list FROM postings WHERE shelf = ?1 AND term = ?2 AND video BETWEEN ?3 AND ?4"),
      vector_(*connection_, "SELECT vector FROM chunks WHERE number = ?1"),
      chunk_(*connection_, "SELECT id, starts, ends, text, vector FROM chunks WHERE number = ?1"),
      exists_(*connection_, "SELECT 1 FROM videos WHERE id = ?1") {}

Result<std::vector<SearchHit>> Reader::query(const SearchQuery& query) {
  Session reading(*connection_, Access::read);
  const auto scope = scopes_.read(query.scope);
  auto found = hits(query, scope);
  if (auto read = reading.end(); !read) return std::unexpected(std::move(read.error()));
  return found;
}

Result<std::vector<VideoId>> Reader::missing(const std::vector<VideoId>& videos) {
  std::vector<VideoId> missing;
  for (const auto& video : videos) {
    const auto id = video.canonical();
    exists_.start(id);
    if (!exists_.next()) missing.push_back(video);
    exists_.reset();
  }
  if (auto read = connection_->outcome(); !read) return std::unexpected(std::move(read.error()));
  return missing;
}

std::vector<SearchHit> Reader::hits(const SearchQuery& query, const Scope& scope) {
  std::vector<Ranked> rankings;
  std::vector<float> words;
  if (wants_words(query)) {
    words = keyword_scores(query.text, scope);
    rankings.push_back(best_of(words));
  }
  if (wants_meaning(query)) rankings.push_back(nearest(query, scope));

  std::vector<SearchHit> found;
  for (const auto& fused : search_ranking::fuse(rankings)) {
    if (found.size() == std::min(query.limit, hits_max)) break;
    auto next = hit(query, scope, fused);
    if (!next) continue;
    if (!words.empty() && words[fused.chunk] > 0) next->keyword = words[fused.chunk];
    found.push_back(*std::move(next));
  }
  return found;
}

std::vector<float> Reader::keyword_scores(const std::string& text, const Scope& scope) {
  std::vector<float> scores(scope.corpus().chunks);
  auto terms = search_terms::of_query(text);
  if (terms.size() > terms_max) terms.resize(terms_max);
  std::vector<search_ranking::Occurrence> occurrences;
  for (const auto& term : terms) {
    occurrences.clear();
    for (auto videos = std::span(scope.videos()); !videos.empty();) {
      const auto shelf = scope.of_shelf(videos.front().shelf);
      add_occurrences(term, shelf, occurrences);
      videos = videos.subspan(shelf.size());
    }
    search_ranking::add_bm25(scope.corpus(), occurrences, scores);
  }
  return scores;
}

/// Both sides are sorted by video, so one pass joins them.
void Reader::add_occurrences(const std::string& term, std::span<const ScopedVideo> videos,
                             std::vector<search_ranking::Occurrence>& found) {
  auto video = videos.begin();
  for (postings_.start(videos.front().shelf, term, videos.front().number, videos.back().number); postings_.next();) {
    const auto number = postings_.integer(0);
    while (video != videos.end() && video->number < number) ++video;
    if (video == videos.end() || video->number != number) continue;
    const auto list = postings_.bytes(1);
    for (std::size_t at = 0; at + sizeof(Posting) <= list.size(); at += sizeof(Posting)) {
      Posting posting{};
      std::memcpy(&posting, list.data() + at, sizeof posting);
      if (posting.chunk < video->chunks)
        found.push_back({video->first_chunk + posting.chunk, posting.count, posting.chunk_terms});
    }
  }
}

Reader::Ranked Reader::nearest(const SearchQuery& query, const Scope& scope) {
  const search_vectors::ScanQuery scan(query.vector);
  const auto size = search_vectors::slot_size(query.vector.size());
  search_vectors::Best best(depth);
  std::vector<float> cosines;
  std::int64_t open_file = 0;
  std::shared_ptr<const search_vectors::Mapping> mapping;
  for (const auto& video : scope.videos()) {
    if (video.vector_file != open_file) {
      open_file = video.vector_file;
      mapping = mapping_for(query, open_file);
    }
    const auto first = static_cast<std::size_t>(video.first_slot) * size;
    if (!mapping || first + video.chunks * size > mapping->bytes().size()) continue;
    cosines.resize(video.chunks);
    scan.scan(mapping->bytes().data() + first, cosines);
    for (std::uint32_t i = 0; i < video.chunks; ++i)
      if (!std::isnan(cosines[i])) best.offer(cosines[i], video.first_chunk + i);
  }
  auto ranked = std::move(best).sorted();
  rescore(query.vector, scope, ranked);
  return ranked;
}

/// The scan's bytes find the candidates; their exact vectors put them in order.
void Reader::rescore(const Vector& vector, const Scope& scope, Ranked& ranked) {
  for (auto& each : ranked) {
    const auto& video = scope.video_of(each.key);
    vector_.start(chunk_row(video.number, each.key - video.first_chunk));
    if (vector_.next()) each.score = static_cast<float>(search_vectors::cosine_of(vector, vector_.bytes(0)));
    vector_.reset();
  }
  std::ranges::sort(ranked, search_vectors::better);
}

std::shared_ptr<const search_vectors::Mapping> Reader::mapping_for(const SearchQuery& query, std::int64_t vector_file) const {
  const auto space = files_.vectors(vector_file);
  const bool same = space && space->model == query.embedding_model && space->dimension == query.vector.size();
  return same ? space->file->mapping() : nullptr;
}

std::optional<SearchHit> Reader::hit(const SearchQuery& query, const Scope& scope, search_ranking::Fused fused) {
  const auto& video = scope.video_of(fused.chunk);
  chunk_.start(chunk_row(video.number, fused.chunk - video.first_chunk));
  if (!chunk_.next()) return std::nullopt;
  SearchHit hit{.chunk = id_of<ChunkId>(chunk_.text(0)),
                .video = id_of<VideoId>(video.id),
                .start = Seconds(chunk_.real(1)),
                .end = Seconds(chunk_.real(2)),
                .text = std::string(chunk_.text(3)),
                .score = fused.score};
  if (wants_meaning(query) && !chunk_.bytes(4).empty() && mapping_for(query, video.vector_file))
    hit.semantic = search_vectors::cosine_of(query.vector, chunk_.bytes(4));
  chunk_.reset();
  return hit;
}

}  // namespace kinora::search_file
