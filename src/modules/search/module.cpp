#include "modules/search/jobs/workers.hpp"
#include "modules/search/search.hpp"

namespace kinora::search {

namespace {

constexpr std::string_view step_001 =
#include "modules/search/migrations/001_search.sql.inc"
    ;

constexpr std::string_view step_002 =
#include "modules/search/migrations/002_text_words.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"search", 1, step_001}, {"search", 2, step_002}}; }

std::vector<jobs::WorkerKind> workers(media::Media& media, ai::Ai& ai, Database& database, SearchIndex& index,
                                      Embedder& embedder, Clock& clock, Random& random) {
  using jobs::Lane;
  return {
      jobs::worker<ChunkVideo>(std::make_shared<ChunkWorker>(media, ai, clock, random), Lane::light, 120s),
      jobs::worker<EmbedVideo>(std::make_shared<EmbedWorker>(database, embedder), Lane::inference, 2h),
      jobs::worker<IndexVideo>(std::make_shared<IndexWorker>(media, database, index, embedder), Lane::light, 600s),
      jobs::worker<FollowVideo>(std::make_shared<FollowWorker>(media, database, index, embedder), Lane::light, 600s),
  };
}

std::vector<jobs::Handler> handlers() {
  return {
      {"video.updated", std::string(FollowVideo::kind)},
      {"video.deleted", std::string(FollowVideo::kind)},
      {"video.restored", std::string(FollowVideo::kind)},
      {"video.purged", std::string(FollowVideo::kind)},
  };
}

}  // namespace kinora::search
