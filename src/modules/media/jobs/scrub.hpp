#pragma once

#include "base/log.hpp"
#include "jobs/worker.hpp"
#include "modules/media/media.hpp"

namespace kinora::media {

/// Reads files that have not been read for a week, and compares them with their hashes. What is damaged or gone is said in the
/// log and is out of reach from then on: nobody is served bytes that are not what they were.
struct Scrub {
  static constexpr std::string_view kind = "media.scrub";
};
class ScrubWorker {
 public:
  static constexpr std::chrono::microseconds trusted_for = std::chrono::days(7);

  ScrubWorker(Database& database, BlobStore& blobs, Log& log) : database_(database), blobs_(blobs), log_(log) {}
  Task<jobs::Outcome> work(jobs::Context context, Scrub args);

 private:
  Task<Result<void>> scrub(Caller caller);
  Task<Result<void>> look_at(Caller caller, LiveBlob blob);
  Task<Result<void>> give_up(Caller caller, LiveBlob blob);

  Database& database_;
  BlobStore& blobs_;
  Log& log_;
};

}  // namespace kinora::media
