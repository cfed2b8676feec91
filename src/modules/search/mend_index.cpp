#include "base/json.hpp"
#include "modules/search/jobs/workers.hpp"
#include "modules/search/store.hpp"

namespace kinora::search {

namespace {

Task<Result<void>> add_index_jobs(Transaction tx, std::vector<VideoId> videos, jobs::Queue* queue) {
  for (const auto video : videos) {
    jobs::NewJob job{.kind = std::string(IndexVideo::kind),
                     .subject = {"video", video.uuid},
                     .args = to_json(IndexVideo{video}),
                     .unique_key = "search.mend:" + video.canonical()};  // not the stage's
    co_await ok(queue->add(tx, std::move(job)));
  }
  co_return {};
}

}  // namespace

Task<Result<std::size_t>> mend_index(Database& database, SearchIndex& index, jobs::Queue& queue) {
  const auto caller = Caller::system("mend_index");
  auto known = co_await ok(database.scan(caller, indexed_videos));
  const auto missing = co_await ok(index.missing(std::move(known)));
  if (!missing.empty()) co_await ok(database.transact(caller, add_index_jobs, missing, &queue));
  co_return missing.size();
}

Task<Result<Flaws>> audit(Database& database, SearchIndex& index) {
  auto known = co_await ok(database.scan(Caller::system("audit"), indexed_videos));
  const auto missing = co_await ok(index.missing(std::move(known)));
  Flaws flaws;
  for (const auto video : missing)
    flaws.push_back({Flaw::Weight::passing, "the search index has lost the video " + video.text()});
  co_return flaws;
}

}  // namespace kinora::search
