#pragma once

#include "jobs/worker.hpp"
#include "modules/ai/ai.hpp"

namespace kinora::ai {

/// The stage that writes what was said as a file of captions, beside the renditions.
struct MakeCaptions {
  static constexpr std::string_view kind = "ai.captions";
  VideoId video{};
};
class MakeCaptionsWorker {
 public:
  explicit MakeCaptionsWorker(Tools tools) : tools_(tools) {}
  Task<jobs::Outcome> work(jobs::Context context, MakeCaptions args);

 private:
  Task<Result<media::KeptFile>> make(jobs::Context context);

  Tools tools_;
};

}  // namespace kinora::ai
