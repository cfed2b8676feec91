#pragma once

#include "jobs/worker.hpp"
#include "modules/ai/ai.hpp"

namespace kinora::ai {

/// Follows video.purged: what was said in it is forgotten.
struct ForgetVideo {
  static constexpr std::string_view kind = "ai.forget_video";
  EventId event{};
  std::string subject;
};

class ForgetVideoWorker {
 public:
  Task<jobs::Outcome> work(jobs::Context context, ForgetVideo args);
};

}  // namespace kinora::ai
