#include "api/v1/live_uploads.hpp"

#include "api/v1/events.hpp"
#include "api/v1/views.hpp"

namespace kinora::api::v1 {

void LiveUploads::on_progress(const media::UploadProgress& progress) {
  const EventView<UploadView> view{.type = "upload.progress", .created_at = clock_.now(), .data = view_of(progress)};
  const LiveUpdate update{progress.upload.id.text(), std::make_shared<const std::string>(to_json(view))};
  live_.publish(progress.upload.video.canonical(), update);
  live_.publish(progress.upload.owner.canonical(), update);
}

}  // namespace kinora::api::v1
