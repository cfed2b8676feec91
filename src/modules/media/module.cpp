#include "modules/media/jobs/scrub.hpp"
#include "modules/media/jobs/sweep.hpp"
#include "modules/media/jobs/workers.hpp"
#include "modules/media/media.hpp"

namespace kinora::media {

namespace {

constexpr std::string_view step_001 =
#include "modules/media/migrations/001_media.sql.inc"
    ;
constexpr std::string_view step_002 =
#include "modules/media/migrations/002_uploads.sql.inc"
    ;
constexpr std::string_view step_003 =
#include "modules/media/migrations/003_deleted_videos.sql.inc"
    ;
constexpr std::string_view step_004 =
#include "modules/media/migrations/004_lists.sql.inc"
    ;
constexpr std::string_view step_005 =
#include "modules/media/migrations/005_public_videos.sql.inc"
    ;
constexpr std::string_view step_006 =
#include "modules/media/migrations/006_verified_blobs.sql.inc"
    ;
constexpr std::string_view step_007 =
#include "modules/media/migrations/007_video_numbers.sql.inc"
    ;

}  // namespace

std::vector<Migration> migrations() {
  return {{"media", 1, step_001}, {"media", 2, step_002}, {"media", 3, step_003}, {"media", 4, step_004},
          {"media", 5, step_005}, {"media", 6, step_006}, {"media", 7, step_007}};
}

std::vector<jobs::WorkerKind> workers(Media& media, MediaTool& tool, Database& database, BlobStore& blobs, Clock& clock,
                                      Random& random, Log& log) {
  using jobs::Lane;
  const Bench bench{media, tool, blobs, clock, random};
  return {
      jobs::worker<Probe>(std::make_shared<ProbeWorker>(bench), Lane::light, 300s),
      jobs::worker<Poster>(std::make_shared<PosterWorker>(bench), Lane::light, 300s),
      jobs::worker<MakeStoryboard>(std::make_shared<StoryboardWorker>(bench), Lane::light, 1h),
      jobs::worker<FirstRung>(std::make_shared<FirstRungWorker>(bench), Lane::encode, 6h),
      jobs::worker<RestOfLadder>(std::make_shared<RestOfLadderWorker>(bench), Lane::encode, 24h),
      jobs::worker<Audio>(std::make_shared<AudioWorker>(bench), Lane::light, 1h),
      jobs::worker<Sweep>(std::make_shared<SweepWorker>(media, database, blobs, clock, log), Lane::light, 1h),
      jobs::worker<Scrub>(std::make_shared<ScrubWorker>(database, blobs, log), Lane::light, 1h),
  };
}

std::vector<jobs::CronEntry> cron() {
  return {{"media.sweep", 10min, std::string(Sweep::kind)}, {"media.scrub", 1h, std::string(Scrub::kind)}};
}

}  // namespace kinora::media
