#pragma once

#include <memory>
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
#include "ports/word_embedder.hpp"

namespace kinora::search {

struct Query {
  std::string text;
  SearchMode mode = SearchMode::hybrid;
  std::vector<VideoId> videos{};  ///< within what the caller may see; empty: all of it
  std::optional<ChannelId> channel{};
  std::string language{};
  std::size_t limit = 20;
};

/// A sentence of a moment.
struct Sentence {
  std::size_t first_word = 0;  ///< of the moment's words
  std::size_t words = 0;
  std::string text;
  double fit = 0;  ///< to the question: about 0 is nothing, 1 its own words
};

/// A hit: where in which video something was said.
struct Moment {
  VideoId video{};
  std::string title;
  std::string language{};
  Seconds start{0};
  Seconds end{0};
  std::string text;
  double score = 0;
  std::optional<double> semantic{};
  std::optional<double> keyword{};
  std::vector<Sentence> sentences{};  ///< of the best moments, when their meaning could be compared
};

/// Who compares a question with sentences word by word. Either may be missing.
struct Readers {
  WordEmbedder& any;      ///< many languages
  WordEmbedder& english;  ///< one, and surer
};

class SecondLook;

/// What evidence() gives for a quote that does not answer lies below.
inline constexpr double evidence_least = -0.075;

/// Moments in videos, by words and by meaning. Any thread.
class Search {
 public:
  Search(media::Media& media, SearchIndex& index, Embedder& embedder, Readers readers, Database& database);
  ~Search();

  /// Best first; only what the caller may see, checked again before it leaves. The best 18 are read a second time, sentence by
  /// sentence, unless the mode is keyword. Without an embedder hybrid is by words, and semantic yields unavailable. With a
  /// greater limit come the same ones first, and more behind them, as far as the index ranks.
  Task<Result<std::vector<Moment>>> find(Caller caller, Query query);

  /// Whether this quote, in this language, answers the question: what it asks beyond the words they share, how much nearer it
  /// is to the quote than to sentences about anything (docs/adr/0016-a-second-look.md). Errors: unavailable without readers.
  Task<Result<double>> evidence(std::string question, std::string quote, std::string language);

 private:
  Task<Result<std::vector<Moment>>> first_look(Caller caller, Query query);
  /// The query's scope, or nothing when no video can be in it.
  Task<Result<std::optional<SearchScope>>> scope_of(Caller caller, Query query);
  Task<Result<std::vector<Moment>>> second_look(std::string question, std::vector<Moment> moments);
  Task<Result<Vector>> vector_of(Query query);

  media::Media& media_;
  SearchIndex& index_;
  Embedder& embedder_;
  std::unique_ptr<SecondLook> second_look_;
};

enum class VideoField : std::uint8_t { title, description, transcript, summary };

struct VideoQuery {
  std::string text;                  ///< empty: every video
  std::vector<VideoField> fields{};  ///< where its words may stand; empty: anywhere
  media::ListQuery videos{};         ///< which videos, as Media::findable() takes it
};

/// A video with words of the question.
struct FoundVideo {
  media::Video video;
  double score = 0;                                            ///< 0..1: how many of them, and where
  std::vector<std::pair<VideoField, std::string>> passages{};  ///< sentences with them, as they stand there
  std::vector<Moment> moments{};                               ///< where they are said, best first
};

/// Whole videos, by the words of what is written and said in them. Any thread.
class VideoSearch {
 public:
  VideoSearch(media::Media& media, ai::Ai& ai, Search& search) : media_(media), ai_(ai), search_(search) {}

  /// In no order. Only what the caller may see.
  Task<Result<std::vector<FoundVideo>>> find(Caller caller, VideoQuery query);

 private:
  Task<Result<std::string>> summary_of(Caller caller, VideoId id);

  media::Media& media_;
  ai::Ai& ai_;
  Search& search_;
};

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
struct kinora::Names<kinora::search::VideoField> {
  using enum search::VideoField;
  static constexpr auto table = std::to_array<std::pair<search::VideoField, std::string_view>>(
      {{title, "title"}, {description, "description"}, {transcript, "transcript"}, {summary, "summary"}});
};
template <>
struct kinora::Names<kinora::SearchMode> {
  static constexpr auto table = std::to_array<std::pair<SearchMode, std::string_view>>(
      {{SearchMode::hybrid, "hybrid"}, {SearchMode::semantic, "semantic"}, {SearchMode::keyword, "keyword"}});
};
