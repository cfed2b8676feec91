#pragma once

#include "jobs/worker.hpp"
#include "modules/search/search.hpp"

/// The stages that make a video findable: passages, their vectors, the index.
namespace kinora::search {

struct ChunkVideo {
  static constexpr std::string_view kind = "search.chunk";
  VideoId video{};
};
class ChunkWorker {
 public:
  ChunkWorker(media::Media& media, ai::Ai& ai, Clock& clock, Random& random)
      : media_(media), ai_(ai), clock_(clock), random_(random) {}
  Task<jobs::Outcome> work(jobs::Context context, ChunkVideo args);

 private:
  media::Media& media_;
  ai::Ai& ai_;
  Clock& clock_;
  Random& random_;
};

struct EmbedVideo {
  static constexpr std::string_view kind = "search.embed";
  VideoId video{};
};
class EmbedWorker {
 public:
  EmbedWorker(Database& database, Embedder& embedder) : database_(database), embedder_(embedder) {}
  Task<jobs::Outcome> work(jobs::Context context, EmbedVideo args);

 private:
  Task<Result<void>> embed(jobs::Context context, VideoId video);
  Database& database_;
  Embedder& embedder_;
};

struct IndexVideo {
  static constexpr std::string_view kind = "search.index";
  VideoId video{};
};
class IndexWorker {
 public:
  IndexWorker(media::Media& media, Database& database, SearchIndex& index, Embedder& embedder)
      : media_(media), database_(database), index_(index), embedder_(embedder) {}
  Task<jobs::Outcome> work(jobs::Context context, IndexVideo args);

 private:
  media::Media& media_;
  Database& database_;
  SearchIndex& index_;
  Embedder& embedder_;
};

/// Puts all that is known of a video into the index.
Task<Result<void>> index_video(Database& database, SearchIndex& index, std::string model, Caller caller, media::Video video);

/// Follows what happens to videos as a whole: the index shows a video as it is now, or not at all.
struct FollowVideo {
  static constexpr std::string_view kind = "search.follow_video";
  EventId event{};
  std::string subject;
};
class FollowWorker {
 public:
  FollowWorker(media::Media& media, Database& database, SearchIndex& index, Embedder& embedder)
      : media_(media), database_(database), index_(index), embedder_(embedder) {}
  Task<jobs::Outcome> work(jobs::Context context, FollowVideo args);

 private:
  Task<Result<void>> index(jobs::Context context, media::Video video);

  media::Media& media_;
  Database& database_;
  SearchIndex& index_;
  Embedder& embedder_;
};

}  // namespace kinora::search
