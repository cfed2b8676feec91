#pragma once

#include "jobs/worker.hpp"

namespace kinora::pipeline {

/// Follows video.purged: its stages go.
struct ForgetVideo {
  static constexpr std::string_view kind = "pipeline.forget_video";
  EventId event{};
  std::string subject;
};

class ForgetVideoWorker {
 public:
  Task<jobs::Outcome> work(jobs::Context context, ForgetVideo args);
};

}  // namespace kinora::pipeline
