#pragma once

#include <optional>
#include <string>
#include <vector>

#include "jobs/event_log.hpp"
#include "jobs/queue.hpp"
#include "modules/ai/ai.hpp"
#include "modules/media/media.hpp"
#include "modules/pipeline/graph.hpp"
#include "modules/pipeline/inputs.hpp"
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
class Pipeline final : public media::OnVideoAccepted, public ai::OnCorrected, public jobs::Observer {
 public:
  Pipeline(Database& database, jobs::Queue& queue, jobs::EventLog& events, MadeWith made_with)
      : database_(database), queue_(queue), events_(events), made_with_(std::move(made_with)) {}

  Task<Result<JobId>> start(Transaction tx, VideoId video, UserId owner) override;
  /// Makes again what stands on the words. Errors: conflict (it is still being processed).
  Task<Result<void>> on_corrected(Transaction tx, VideoId video, UserId owner) override;
  Task<Result<void>> on_finished(Transaction tx, jobs::Job job) override;
  Task<Result<void>> on_waiting(Transaction tx, jobs::Job job) override;
  Task<Result<void>> on_resumed(Transaction tx, jobs::Job job) override;
  Task<Result<std::optional<JobId>>> on_retry(Transaction tx, jobs::Job job) override;

  /// Without names: makes good what failed, was passed over, or would be made from something else today; with names: makes
  /// those again, and what stands on them. The video stays playable meanwhile. Yields the new root job. Errors: invalid (no
  /// such stage), conflict (it is still being processed).
  Task<Result<JobId>> reprocess(Caller caller, media::OwnedVideo video, std::vector<std::string> stages);

  Task<Result<std::vector<StageView>>> stages_of(Caller caller, media::VisibleVideo video);

 private:
  /// One time through the graph.
  struct Run {
    VideoId video;
    UserId owner;
    JobId root;
  };
  struct Picture;
  Task<Result<Picture>> look(Transaction tx, VideoId video);
  static Task<Result<JobId>> run_again(Transaction tx, Pipeline* self, VideoId video, UserId owner,
                                       std::vector<std::string> wanted);
  Task<Result<void>> go_on(Transaction tx, Run run);
  Task<Result<void>> begin(Transaction tx, Run run, const Stage* stage, std::string input_hash);
  Task<Result<void>> settle(Transaction tx, Run run, Decision decision);

  Database& database_;
  jobs::Queue& queue_;
  jobs::EventLog& events_;
  MadeWith made_with_;
};

std::vector<Migration> migrations();
std::vector<jobs::WorkerKind> workers();
std::vector<jobs::Handler> handlers();

/// Whether every video goes on or is over, and its jobs agree. Looks at everything.
Task<Result<Flaws>> audit(Database& database);

}  // namespace kinora::pipeline
