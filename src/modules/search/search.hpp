#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/event_log.hpp"
#include "jobs/worker.hpp"
#include "modules/ai/ai.hpp"
#include "modules/media/media.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/embedder.hpp"
#include "ports/random.hpp"
#include "ports/search_index.hpp"

namespace kinora::search {

struct Query {
  std::string text;
  SearchMode mode = SearchMode::hybrid;
  std::vector<VideoId> videos{};  ///< within what the caller may see; empty: all of it
  std::string language{};
  std::size_t limit = 20;
};

/// A hit: where in which video something was said.
struct Moment {
  VideoId video{};
  std::string title;
  Seconds start{0};
  Seconds end{0};
  std::string text;
  double score = 0;
  std::optional<double> semantic{};
  std::optional<double> keyword{};
};

/// Moments in videos, by words and by meaning. Any thread.
class Search {
 public:
  Search(media::Media& media, SearchIndex& index, Embedder& embedder) : media_(media), index_(index), embedder_(embedder) {}

  /// Best first; only what the caller may see, checked again before it leaves. Without an embedder hybrid is by words, and
  /// semantic yields unavailable.
  Task<Result<std::vector<Moment>>> find(Caller caller, Query query);

 private:
  Task<Result<Vector>> vector_of(Query query);

  media::Media& media_;
  SearchIndex& index_;
  Embedder& embedder_;
};

/// The words that every English sentence has (`word` in lower case); in other languages every word counts.
bool is_function_word(std::string_view word);
/// What is left of a question when they are gone: what it is about.
std::string without_function_words(std::string_view text);

std::vector<Migration> migrations();
std::vector<jobs::WorkerKind> workers(media::Media& media, ai::Ai& ai, Database& database, SearchIndex& index,
                                      Embedder& embedder, Clock& clock, Random& random);
std::vector<jobs::Handler> handlers();

/// At start-up: the index can be lost or of an older format; whatever was in it and is not any more is put in again by jobs.
/// Yields how many videos.
Task<Result<std::size_t>> mend_index(Database& database, SearchIndex& index, jobs::Queue& queue);
/// What mend_index would do.
Task<Result<Flaws>> audit(Database& database, SearchIndex& index);

}  // namespace kinora::search

template <>
struct kinora::Names<kinora::SearchMode> {
  static constexpr auto table = std::to_array<std::pair<SearchMode, std::string_view>>(
      {{SearchMode::hybrid, "hybrid"}, {SearchMode::semantic, "semantic"}, {SearchMode::keyword, "keyword"}});
};
