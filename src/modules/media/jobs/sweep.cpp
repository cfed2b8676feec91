#include "modules/media/jobs/sweep.hpp"

#include "base/failpoints.hpp"
#include "modules/media/store.hpp"
#include "modules/media/upload_store.hpp"

namespace kinora::media {

namespace {

constexpr std::int64_t batch_size = 100;
// For readers that began before, and for an operator who sees a mistake.
constexpr auto kept_for = 24h;

}  // namespace

Task<jobs::Outcome> SweepWorker::work(jobs::Context context, Sweep) {
  const auto swept = co_await sweep(context.caller());
  co_return swept ? jobs::done() : jobs::outcome_of(swept.error());
}

// Each step is small and stands by itself: a sweep that is cut short goes on with the next.
Task<Result<void>> SweepWorker::sweep(Caller caller) {
  while (co_await ok(purge_deleted(caller)) == batch_size) continue;
  while (co_await ok(end_expired(caller)) == batch_size) continue;
  while (co_await ok(remove_garbage(caller)) == batch_size) continue;
  co_return {};
}

Task<Result<std::size_t>> SweepWorker::purge_deleted(Caller caller) {
  const auto videos = co_await ok(database_.read(caller, videos_hidden_for, Media::restorable_for, batch_size));
  std::size_t purged = 0;
  for (const auto video : videos) purged += went(co_await media_.purge(caller, video), video.text());
  co_return purged;
}

Task<Result<std::size_t>> SweepWorker::end_expired(Caller caller) {
  const auto uploads = co_await ok(database_.read(caller, expired_uploads, clock_.now(), batch_size));
  std::size_t ended = 0;
  for (const auto& upload : uploads) ended += went(co_await media_.end_upload(caller, upload.id), upload.id.text());
  co_return ended;
}

Task<Result<std::size_t>> SweepWorker::remove_garbage(Caller caller) {
  const auto blobs = co_await ok(database_.read(caller, garbage_blobs, kept_for, batch_size));
  std::size_t removed = 0;
  for (const auto& blob : blobs) removed += went(co_await remove(caller, blob), blob.key);
  co_return removed;
}

/// Bytes first: a row whose bytes are gone is found again, bytes without a row never.
Task<Result<void>> SweepWorker::remove(Caller caller, GarbageBlob blob) {
  co_await ok(blobs_.remove({blob.key}));
  co_await ok(may_fail("sweep.bytes_gone"));
  co_return co_await database_.transact(caller, delete_blob, blob.id);
}

// One thing that cannot go must not keep all the others.
std::size_t SweepWorker::went(const Result<void>& outcome, std::string_view what) {
  if (outcome) return 1;
  log_.error("not swept", {{"what", what}, {"error", std::string_view(outcome.error().message)}});
  return 0;
}

}  // namespace kinora::media
