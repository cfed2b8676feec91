#pragma once

#include "base/log.hpp"
#include "jobs/worker.hpp"
#include "modules/media/media.hpp"
#include "modules/media/store.hpp"

namespace kinora::media {

/// Takes away what has had its time: deleted videos that can no longer be restored, uploads that were never finished, and the
/// bytes of blobs that nobody names.
struct Sweep {
  static constexpr std::string_view kind = "media.sweep";
};
class SweepWorker {
 public:
  SweepWorker(Media& media, Database& database, BlobStore& blobs, Clock& clock, Log& log)
      : media_(media), database_(database), blobs_(blobs), clock_(clock), log_(log) {}
  Task<jobs::Outcome> work(jobs::Context context, Sweep args);

 private:
  Task<Result<void>> sweep(Caller caller);
  Task<Result<std::size_t>> purge_deleted(Caller caller);
  Task<Result<std::size_t>> end_expired(Caller caller);
  Task<Result<std::size_t>> remove_garbage(Caller caller);
  Task<Result<void>> remove(Caller caller, GarbageBlob blob);
  std::size_t went(const Result<void>& outcome, std::string_view what);

  Media& media_;
  Database& database_;
  BlobStore& blobs_;
  Clock& clock_;
  Log& log_;
};

}  // namespace kinora::media
