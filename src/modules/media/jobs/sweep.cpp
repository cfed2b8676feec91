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
  for (const auto video : videos) co_await ok(media_.purge(caller, video));
  co_return videos.size();
}

/// The video of an unfinished upload has no bytes and goes with it; of a finished one only the upload's row is old.
Task<Result<std::size_t>> SweepWorker::end_expired(Caller caller) {
  const auto uploads = co_await ok(database_.read(caller, expired_uploads, clock_.now(), batch_size));
  for (const auto& upload : uploads) {
    if (upload.state == UploadState::open) co_await ok(media_.purge(caller, upload.video));
    co_await ok(may_fail("uploads.expire"));
    co_await ok(database_.transact(caller, delete_upload, upload.id));
  }
  co_return uploads.size();
}

/// Bytes first: a row whose bytes are gone is found again, bytes without a row never.
Task<Result<std::size_t>> SweepWorker::remove_garbage(Caller caller) {
  const auto blobs = co_await ok(database_.read(caller, garbage_blobs, kept_for, batch_size));
  for (const auto& blob : blobs) {
    co_await ok(blobs_.remove({blob.key}));
    co_await ok(may_fail("sweep.bytes_gone"));
    co_await ok(database_.transact(caller, delete_blob, blob.id));
  }
  co_return blobs.size();
}

}  // namespace kinora::media
