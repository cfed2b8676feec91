#include "modules/media/jobs/scrub.hpp"

#include "modules/media/store.hpp"

namespace kinora::media {

namespace {

constexpr std::int64_t batch_size = 64;
// A run reads so much at most; the next one, an hour later, goes on.
constexpr std::int64_t run_bytes_max = 16LL << 30;

}  // namespace

Task<jobs::Outcome> ScrubWorker::work(jobs::Context context, Scrub) {
  const auto scrubbed = co_await scrub(context.caller());
  co_return scrubbed ? jobs::done() : jobs::outcome_of(scrubbed.error());
}

Task<Result<void>> ScrubWorker::scrub(Caller caller) {
  for (std::int64_t bytes = 0; bytes < run_bytes_max;) {
    auto blobs = co_await ok(database_.read(caller, blobs_not_verified_for, trusted_for, batch_size));
    if (blobs.empty()) break;
    std::vector<std::string> whole;
    for (auto& blob : blobs) {
      bytes += blob.size_bytes;
      if (co_await ok(is_whole(blob)))
        whole.push_back(std::move(blob.key));
      else
        co_await ok(give_up(caller, std::move(blob)));
    }
    co_await ok(database_.transact(caller, note_verified, std::move(whole)));
  }
  co_return {};
}

Task<Result<bool>> ScrubWorker::is_whole(LiveBlob blob) {
  const auto hash = co_await blobs_.digest({blob.key});
  if (!hash && hash.error().kind != ErrorKind::not_found) co_return std::unexpected(hash.error());
  co_return hash && hash->hex == blob.sha256;
}

/// An output is forgotten, and can be made again; a source stays named, and `kinora check` tells of it.
Task<Result<void>> ScrubWorker::give_up(Caller caller, LiveBlob blob) {
  const auto aside = co_await blobs_.set_aside({blob.key});
  if (!aside && aside.error().kind != ErrorKind::not_found) co_return aside;
  const bool was_output = co_await ok(database_.transact(caller, forget_output, blob.key));
  co_await ok(database_.transact(caller, note_verified, std::vector{blob.key}));
  const std::string_view fix = was_output ? "POST /api/v1/videos/{id}/reprocess makes it again" : "bring it back from a backup";
  log_.error("damaged file set aside",
             {{"key", blob.key}, {"wanted_sha256", blob.sha256}, {"was_there", aside.has_value()}, {"fix", fix}});
  co_return {};
}

}  // namespace kinora::media
