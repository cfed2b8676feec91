#include "modules/pipeline/pipeline.hpp"

#include "base/json.hpp"
#include "jobs/store.hpp"
#include "modules/ai/ai.hpp"
#include "modules/pipeline/store.hpp"

namespace kinora::pipeline {

namespace {

constexpr std::string_view root_kind = "pipeline.process";

/// Every stage job has the video as its only argument.
struct StageArgs {
  VideoId video{};
};

Task<Result<Known>> known_about(Transaction tx, VideoId video, const States& states) {
  Known known;
  const auto facts = co_await ok(media::facts(tx, video));
  if (facts.probed) {
    known.has_video = facts.has_video;
    known.has_audio = facts.has_audio;
  }
  if (states.at("transcribe") == StageState::done) known.has_speech = co_await ok(ai::has_speech(tx, video));
  co_return known;
}

States states_of(const std::vector<StageRow>& rows) {
  States states;
  for (const auto& stage : stages()) states.emplace(stage.name, StageState::waiting);
  for (const auto& row : rows)
    if (const auto* stage = find_stage(row.stage)) states.at(stage->name) = row.state;
  return states;
}

StageState state_after(jobs::State state) {
  switch (state) {
    case jobs::State::succeeded: return StageState::done;
    case jobs::State::cancelled: return StageState::cancelled;
    case jobs::State::queued:
    case jobs::State::running:
    case jobs::State::retry_wait:
    case jobs::State::snoozed:
    case jobs::State::failed: break;
  }
  return StageState::failed;
}

StageView view_of(const StageRow& row, const std::optional<jobs::Job>& job) {
  StageView view{.name = row.stage, .state = std::string(name_of(row.state))};
  if (row.state == StageState::queued && job && job->state == jobs::State::running) {
    view.state = "running";
    view.progress = job->progress;
  }
  if (row.state == StageState::done) view.progress = 1;
  if (row.error) view.error = from_json_text<jobs::JobError>(*row.error).value_or(jobs::JobError{});
  return view;
}

Task<Result<std::vector<StageView>>> read_stages(Transaction tx, VideoId video) {
  std::map<std::string, StageView> by_name;
  const auto rows = co_await ok(stage_rows(tx, video));
  for (const auto& row : rows) {
    const auto job = row.job ? co_await ok(jobs::find_job(tx, *row.job)) : std::nullopt;
    by_name.emplace(row.stage, view_of(row, job));
  }
  std::vector<StageView> views;
  for (const auto& stage : stages())
    if (const auto found = by_name.find(std::string(stage.name)); found != by_name.end()) views.push_back(found->second);
  co_return views;
}

}  // namespace

Task<Result<JobId>> Pipeline::start(Transaction tx, VideoId video, UserId owner) {
  jobs::NewJob root{.kind = std::string(root_kind), .subject = {"video", video.uuid}, .user = owner};
  const auto id = co_await ok(queue_.open_group(tx, std::move(root)));
  co_await ok(insert_stages(tx, video));
  co_await ok(events_.publish(tx, {"video.uploaded", video.uuid, owner}));
  co_await ok(go_on(tx, video, owner, id));
  co_return id;
}

Task<Result<void>> Pipeline::on_finished(Transaction tx, jobs::Job job) {
  const auto* stage = stage_of_job(job.kind);
  if (stage == nullptr || !job.parent || !job.user) co_return {};
  const VideoId video{job.subject.id};
  co_await ok(mark_over(tx, video, std::string(stage->name), state_after(job.state), job.error));
  co_return co_await go_on(tx, video, *job.user, *job.parent);
}

Task<Result<void>> Pipeline::go_on(Transaction tx, VideoId video, UserId owner, JobId root) {
  const auto rows = co_await ok(stage_rows(tx, video));
  const auto states = states_of(rows);
  const auto known = co_await ok(known_about(tx, video, states));
  co_return co_await apply(tx, video, owner, root, decide(states, known));
}

Task<Result<void>> Pipeline::apply(Transaction tx, VideoId video, UserId owner, JobId root, Decision decision) {
  for (const auto* stage : decision.skip)
    co_await ok(mark_over(tx, video, std::string(stage->name), StageState::skipped, std::nullopt));
  for (const auto* stage : decision.start) {
    jobs::NewJob job{.kind = std::string(stage->job_kind),
                     .subject = {"video", video.uuid},
                     .args = to_json(StageArgs{video}),
                     .user = owner,
                     .parent = root,
                     .unique_key = std::string(stage->job_kind) + ":" + video.canonical()};
    const auto id = co_await ok(queue_.add(tx, std::move(job)));
    co_await ok(mark_queued(tx, video, std::string(stage->name), id));
  }
  std::optional<jobs::JobError> reason;
  if (decision.failed != nullptr) {
    const auto rows = co_await ok(stage_rows(tx, video));
    for (const auto& row : rows)
      if (row.stage == decision.failed->name && row.error) reason = co_await ok(from_json_text<jobs::JobError>(*row.error));
  }
  const auto message = reason ? std::optional(reason->message) : std::nullopt;
  co_await ok(media::set_status(tx, video, decision.status, message));
  if (!decision.over) co_return co_await jobs::set_progress(tx, root, decision.progress);
  const auto ended = decision.failed != nullptr ? jobs::State::failed : jobs::State::succeeded;
  co_await ok(events_.publish(tx, {decision.failed != nullptr ? "video.failed" : "video.ready", video.uuid, owner}));
  jobs::Ending ending{.state = ended, .result = "{}", .error = std::move(reason)};
  co_return co_await queue_.close_group(tx, root, std::move(ending));
}

Task<Result<std::vector<StageView>>> Pipeline::stages_of(Caller caller, media::VisibleVideo video) {
  return database_.read(caller, read_stages, video.id());
}

}  // namespace kinora::pipeline
