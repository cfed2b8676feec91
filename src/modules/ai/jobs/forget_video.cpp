#include "modules/ai/jobs/forget_video.hpp"

#include "modules/ai/store.hpp"

namespace kinora::ai {

Task<jobs::Outcome> ForgetVideoWorker::work(jobs::Context, ForgetVideo args) {
  const auto id = VideoId::parse(args.subject);
  if (!id) co_return jobs::Fail{{ErrorKind::invalid, "an event about no video: " + args.subject}};
  co_return jobs::done(forget_video, *id);
}

}  // namespace kinora::ai
