#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

Task<Result<JobView>> show_job(Services& app, Caller caller, OneJob ask) {
  const auto job = co_await ok(app.queue.find(std::move(caller), ask.path.id));
  if (!job) co_return fail(ErrorKind::not_found, "there is no job " + ask.path.id.text());
  co_return view_of(*job);
}

}  // namespace kinora::api::v1
