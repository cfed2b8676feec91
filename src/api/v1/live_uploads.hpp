#pragma once

#include "modules/media/media.hpp"
#include "ports/clock.hpp"
#include "ports/live_bus.hpp"

namespace kinora::api::v1 {

/// Puts how uploads go on onto the live bus, as the text that streams send. Topics are the ids of the video and of its owner.
/// Any thread.
class LiveUploads final : public media::UploadWatcher {
 public:
  LiveUploads(LiveBus& live, Clock& clock) : live_(live), clock_(clock) {}

  void on_progress(const media::UploadProgress& progress) override;

 private:
  LiveBus& live_;
  Clock& clock_;
};

}  // namespace kinora::api::v1
