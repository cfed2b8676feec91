#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/event_log.hpp"
#include "jobs/queue.hpp"
#include "modules/media/media.hpp"
#include "modules/pipeline/graph.hpp"
#include "ports/database.hpp"

namespace kinora::pipeline {

/// A stage as people see it.
struct StageView {
  std::string name;
  std::string state;  ///< waiting, queued, running, done, skipped, failed, cancelled
  double progress = 0;
  std::optional<jobs::JobError> error{};
};

/// Knows the graph; nobody else does. Starts with a video's row, goes on inside the transaction that ends each of its jobs.
class Pipeline final : public media::OnVideoAccepted, public jobs::Observer {
 public:
  Pipeline(Database& database, jobs::Queue& queue, jobs::EventLog& events)
      : database_(database), queue_(queue), events_(events) {}

  Task<Result<JobId>> start(Transaction tx, VideoId video, UserId owner) override;
  Task<Result<void>> on_finished(Transaction tx, jobs::Job job) override;

  Task<Result<std::vector<StageView>>> stages_of(Caller caller, media::VisibleVideo video);

 private:
  Task<Result<void>> go_on(Transaction tx, VideoId video, UserId owner, JobId root);
  Task<Result<void>> apply(Transaction tx, VideoId video, UserId owner, JobId root, Decision decision);

  Database& database_;
  jobs::Queue& queue_;
  jobs::EventLog& events_;
};

std::vector<Migration> migrations();
std::vector<jobs::WorkerKind> workers();
std::vector<jobs::Handler> handlers();

/// Whether every video goes on or is over, and its jobs agree. Looks at everything.
Task<Result<Flaws>> audit(Database& database);

}  // namespace kinora::pipeline
