#include "adapters/search_index/open.hpp"

#include <vector>

#include "adapters/search_index/embedded/reader.hpp"
#include "adapters/search_index/embedded/writer.hpp"
#include "base/sync.hpp"

namespace kinora {

namespace {

class EmbeddedSearchIndex final : public SearchIndex {
 public:
  EmbeddedSearchIndex(std::unique_ptr<search_file::Files> files, std::unique_ptr<search_file::Writer> writer, Pool& pool,
                      Log& log)
      : files_(std::move(files)), writer_(std::move(writer)), pool_(pool), log_(log) {}

  Task<Result<void>> replace(IndexedVideo video) override {
    const auto turn = co_await ok(writing_.acquire());
    auto write = [this](const IndexedVideo& whole) { return written(writer_->replace(whole)); };
    co_return co_await on(pool_, write, std::move(video));
  }

  Task<Result<void>> remove(VideoId video) override {
    const auto turn = co_await ok(writing_.acquire());
    auto write = [this](VideoId id) { return written(writer_->remove(id)); };
    co_return co_await on(pool_, write, video);
  }

  Task<Result<std::vector<VideoId>>> missing(std::vector<VideoId> videos) override {
    auto read = [this](const std::vector<VideoId>& all) {
      return with_reader<std::vector<VideoId>>([&](search_file::Reader& reader) { return reader.missing(all); });
    };
    co_return co_await on(pool_, read, std::move(videos));
  }

  Task<Result<std::vector<SearchHit>>> query(SearchQuery query) override {
    auto read = [this](const SearchQuery& asked) {
      return with_reader<std::vector<SearchHit>>([&](search_file::Reader& reader) { return reader.query(asked); });
    };
    co_return co_await on(pool_, read, std::move(query));
  }

 private:
  using Idle = std::vector<std::unique_ptr<search_file::Reader>>;

  /// Behind what is written: a compaction that fails, on a disk that is nearly full, is due again at the next write.
  Result<void> written(Result<void> outcome) {
    if (!outcome) return std::unexpected(at_run_time(std::move(outcome.error())));
    if (const auto compacted = writer_->compact_if_due(); !compacted)
      log_.warning("search index not compacted", {{"error", std::string_view(compacted.error().message)}});
    return {};
  }

  /// Only a start makes a damaged index anew.
  static Error at_run_time(Error error) {
    if (error.code != "damaged") return error;
    return {ErrorKind::internal, error.message + "; start kinora again, and the search index is made anew"};
  }

  /// One reader per thread of the pool at most: each is back before its thread takes the next call.
  template <class T, class Use>
  Result<T> with_reader(Use use) {
    auto reader = idle_.with([](Idle& idle) -> std::unique_ptr<search_file::Reader> {
      if (idle.empty()) return nullptr;
      auto last = std::move(idle.back());
      idle.pop_back();
      return last;
    });
    if (!reader) {
      auto opened = search_file::Reader::open(*files_);
      if (!opened) return std::unexpected(at_run_time(std::move(opened.error())));
      reader = *std::move(opened);
    }
    Result<T> result = use(*reader);
    idle_.with([&](Idle& idle) { idle.push_back(std::move(reader)); });
    if (!result) return std::unexpected(at_run_time(std::move(result.error())));
    return result;
  }

  std::unique_ptr<search_file::Files> files_;
  std::unique_ptr<search_file::Writer> writer_;
  // Writers wait here and not on the pool, whose threads are for people who search.
  Semaphore writing_{1};
  Pool& pool_;
  Log& log_;
  Guarded<Idle> idle_;
};

}  // namespace

Result<std::unique_ptr<SearchIndex>> open_embedded_search_index(std::filesystem::path folder, Pool& pool, Log& log) {
  auto files = search_file::Files::open(std::move(folder));
  if (!files) return std::unexpected(std::move(files.error()));
  if (const auto& why = (*files)->made_anew(); !why.empty())
    log.warning("search index made anew", {{"why", std::string_view(why)}});
  auto writer = search_file::Writer::open(**files);
  if (!writer) return std::unexpected(std::move(writer.error()));
  return std::make_unique<EmbeddedSearchIndex>(*std::move(files), *std::move(writer), pool, log);
}

}  // namespace kinora
