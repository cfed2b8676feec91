#pragma once

#include "jobs/watcher.hpp"
#include "ports/clock.hpp"
#include "ports/live_bus.hpp"

namespace kinora::api::v1 {

/// Puts how jobs go on onto the live bus, as the text that streams send: made once, however many watch. Topics are the ids of
/// the job, of the video it is about and of the person it is for. An update without a value has a video's id as its key and
/// says that its stages changed. Any thread.
class LiveJobs final : public jobs::Watcher {
 public:
  LiveJobs(LiveBus& live, Clock& clock) : live_(live), clock_(clock) {}

  void on_change(const jobs::Job& job) override;
  void on_progress(const jobs::Job& job) override;

 private:
  void publish(const jobs::Job& job, const LiveUpdate& update);

  LiveBus& live_;
  Clock& clock_;
};

}  // namespace kinora::api::v1
