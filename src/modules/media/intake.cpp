#include "modules/media/intake.hpp"

#include <filesystem>

#include "modules/media/store.hpp"

namespace kinora::media {

std::string source_key(UserId owner, VideoId video) {
  return "users/" + owner.canonical() + "/videos/" + video.canonical() + "/source";
}

NewVideo titled(NewVideo video, const std::string& filename) {
  if (video.title.empty()) video.title = std::filesystem::path(filename).stem().string();
  if (video.title.empty()) video.title = "Untitled";
  return video;
}

Task<Result<JobId>> start_processing(Transaction tx, VideoId video, UserId owner, OnVideoAccepted* observer) {
  const auto root = co_await ok(observer->start(tx, video, owner));
  co_await ok(set_root_job(tx, video, root));
  co_return root;
}

}  // namespace kinora::media
