#include "api/v1/live_jobs.hpp"

#include "api/v1/events.hpp"
#include "api/v1/views.hpp"

namespace kinora::api::v1 {

void LiveJobs::on_change(const jobs::Job& job) {
  on_progress(job);
  if (job.subject.type == "video") publish(job, {VideoId{job.subject.id}.text()});
}

void LiveJobs::on_progress(const jobs::Job& job) {
  const EventView<JobView> view{.type = "job.updated", .created_at = clock_.now(), .data = view_of(job)};
  const LiveUpdate update{job.id.text(), std::make_shared<const std::string>(to_json(view))};
  live_.publish(job.id.canonical(), update);
  publish(job, update);
}

void LiveJobs::publish(const jobs::Job& job, const LiveUpdate& update) {
  if (job.subject.type == "video") live_.publish(job.subject.id.canonical(), update);
  // What follows from an event is the server's own affair.
  if (job.user && job.subject.type != "event") live_.publish(job.user->canonical(), update);
}

}  // namespace kinora::api::v1
