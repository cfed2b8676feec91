#include "modules/media/jobs/workers.hpp"
#include "modules/media/media.hpp"

namespace kinora::media {

namespace {

constexpr std::string_view step_001 =
#include "modules/media/migrations/001_media.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() { return {{"media", 1, step_001}}; }

std::vector<jobs::WorkerKind> workers(Media& media, MediaTool& tool, BlobStore& blobs, Clock& clock, Random& random) {
  using jobs::Lane;
  const Bench bench{media, tool, blobs, clock, random};
  return {
      jobs::worker<Probe>(std::make_shared<ProbeWorker>(bench), Lane::light, 300s),
      jobs::worker<Poster>(std::make_shared<PosterWorker>(bench), Lane::light, 300s),
      jobs::worker<FirstRung>(std::make_shared<FirstRungWorker>(bench), Lane::encode, 6h),
      jobs::worker<RestOfLadder>(std::make_shared<RestOfLadderWorker>(bench), Lane::encode, 24h),
      jobs::worker<Audio>(std::make_shared<AudioWorker>(bench), Lane::light, 1h),
  };
}

}  // namespace kinora::media
