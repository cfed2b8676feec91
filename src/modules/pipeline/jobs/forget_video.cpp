#include "modules/pipeline/jobs/forget_video.hpp"

#include "modules/pipeline/store.hpp"

namespace kinora::pipeline {

Task<jobs::Outcome> ForgetVideoWorker::work(jobs::Context, ForgetVideo args) {
  const auto id = VideoId::parse(args.subject);
  if (!id) co_return jobs::Fail{{ErrorKind::invalid, "an event about no video: " + args.subject}};
  co_return jobs::done(delete_stages, *id);
}

}  // namespace kinora::pipeline
