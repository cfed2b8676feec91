#include "modules/pipeline/pipeline.hpp"

#include <algorithm>

#include "base/failpoints.hpp"
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

std::map<std::string_view, Made> made_by(const std::vector<StageRow>& rows) {
  std::map<std::string_view, Made> made;
  for (const auto& stage : stages()) made.emplace(stage.name, Made{});
  for (const auto& row : rows)
    if (const auto* stage = find_stage(row.stage))
      made.at(stage->name) = {row.state, row.input_hash.value_or(""), row.output_hash.value_or("")};
  return made;
}

States states_of(const Inputs& inputs) {
  States states;
  for (const auto& [name, made] : inputs.made) states.emplace(name, made.state);
  return states;
}

/// Why the video failed: in the words of the stage that failed it.
Result<std::optional<jobs::JobError>> reason_of(const Decision& decision, const std::vector<StageRow>& rows) {
  if (decision.failed == nullptr) return std::nullopt;
  const auto row = std::ranges::find(rows, decision.failed->name, &StageRow::stage);
  if (row == rows.end() || !row->error) return std::nullopt;
  return from_json_text<jobs::JobError>(*row->error);
}

Result<void> require_stages(const std::vector<std::string>& names) {
  for (const auto& name : names)
    if (find_stage(name) == nullptr) {
      auto message = "there is no stage " + name + "; a video's stages are named in its `stages`";
      return std::unexpected(Error{ErrorKind::invalid, message, {}, {{"/body/stages", "unknown", message}}});
    }
  return {};
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

StageEnd end_of(const Stage& stage, const jobs::Job& job) {
  return {.stage = std::string(stage.name),
          .state = state_after(job.state),
          .error = job.error,
          .output_hash = output_hash(job.result.value_or("{}")),
          .attempt = job.attempts,
          .fence = job.fence};
}

StageView view_of(const StageRow& row, const std::optional<jobs::Job>& job) {
  StageView view{.name = row.stage, .state = std::string(name_of(row.state))};
  if (job && job->state == jobs::State::running) {
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
    // Only of a queued stage does its job say more: a settled video costs one statement.
    const bool asks = row.state == StageState::queued && row.job;
    const auto job = asks ? co_await ok(jobs::find_job(tx, *row.job)) : std::nullopt;
    by_name.emplace(row.stage, view_of(row, job));
  }
  std::vector<StageView> views;
  for (const auto& stage : stages())
    if (const auto found = by_name.find(std::string(stage.name)); found != by_name.end()) views.push_back(found->second);
  co_return views;
}

}  // namespace

/// What is known of a video at this point of a transaction.
struct Pipeline::Picture {
  std::vector<StageRow> rows;
  Inputs inputs;
  Known known;
};

Task<Result<Pipeline::Picture>> Pipeline::look(Transaction tx, VideoId video) {
  Picture now{.rows = co_await ok(stage_rows(tx, video)), .inputs = {}, .known = {}};
  const auto facts = co_await ok(media::facts(tx, video));
  now.inputs = {facts.source_sha256, made_with_, made_by(now.rows)};
  if (facts.probed) {
    now.known.has_video = facts.has_video;
    now.known.has_audio = facts.has_audio;
  }
  if (now.inputs.made.at("transcribe").state == StageState::done) now.known.has_speech = co_await ok(ai::has_speech(tx, video));
  co_return now;
}

Task<Result<JobId>> Pipeline::start(Transaction tx, VideoId video, UserId owner) {
  jobs::NewJob root{.kind = std::string(root_kind), .subject = {"video", video.uuid}, .user = owner};
  const auto id = co_await ok(queue_.open_group(tx, std::move(root)));
  co_await ok(insert_stages(tx, video));
  co_await ok(events_.publish(tx, {"video.uploaded", video.uuid, owner}));
  co_await ok(go_on(tx, {video, owner, id}));
  co_return id;
}

Task<Result<void>> Pipeline::on_corrected(Transaction tx, VideoId video, UserId owner) {
  std::vector<std::string> wanted;
  for (const auto& stage : stages())
    if (std::ranges::find(stage.needs, "transcribe") != stage.needs.end()) wanted.emplace_back(stage.name);
  co_await ok(run_again(tx, this, video, owner, std::move(wanted)));
  co_return {};
}

Task<Result<void>> Pipeline::on_finished(Transaction tx, jobs::Job job) {
  const VideoId video{job.subject.id};
  if (job.kind == root_kind) {
    co_await ok(mark_rest_cancelled(tx, video, {"cancelled", "its processing was cancelled; reprocess the video to go on"}));
    co_return co_await go_on(tx, {video, job.user.value_or(UserId{}), job.id});
  }
  const auto* stage = stage_of_job(job.kind);
  if (stage == nullptr || !job.parent || !job.user) co_return {};
  co_await ok(mark_over(tx, video, end_of(*stage, job)));
  co_await ok(may_fail("pipeline.finish"));
  co_return co_await go_on(tx, {video, *job.user, *job.parent});
}

Task<Result<void>> Pipeline::on_waiting(Transaction tx, jobs::Job job) {
  if (stage_of_job(job.kind) == nullptr || !job.parent) co_return {};
  co_return co_await media::set_status_message(tx, VideoId{job.subject.id}, "waiting: " + job.error->message);
}

Task<Result<void>> Pipeline::on_resumed(Transaction tx, jobs::Job job) {
  if (stage_of_job(job.kind) == nullptr || !job.parent) co_return {};
  co_return co_await media::set_status_message(tx, VideoId{job.subject.id}, std::nullopt);
}

Task<Result<std::optional<JobId>>> Pipeline::on_retry(Transaction tx, jobs::Job job) {
  const auto* stage = stage_of_job(job.kind);
  const bool ours = job.user && (job.kind == root_kind || (stage != nullptr && job.parent));
  if (!ours) co_return std::optional<JobId>();
  std::vector<std::string> wanted;
  if (stage != nullptr) wanted.emplace_back(stage->name);
  co_return co_await ok(run_again(tx, this, VideoId{job.subject.id}, *job.user, std::move(wanted)));
}

Task<Result<JobId>> Pipeline::reprocess(Caller caller, media::OwnedVideo video, std::vector<std::string> stages) {
  co_await ok(require_stages(stages));
  co_return co_await database_.transact(caller, run_again, this, video.id(), video.video().owner, std::move(stages));
}

Task<Result<JobId>> Pipeline::run_again(Transaction tx, Pipeline* self, VideoId video, UserId owner,
                                        std::vector<std::string> wanted) {
  const auto now = co_await ok(self->look(tx, video));
  if (!std::ranges::all_of(now.rows, is_over, &StageRow::state))
    co_return fail(ErrorKind::conflict, "this video is still being processed; wait for its end, or cancel its job first");
  for (const auto* stage : stages_to_reopen(now.inputs, wanted)) {
    co_await ok(mark_waiting(tx, video, stage));
    if (!wanted.empty()) co_await ok(forget_output(tx, video, std::string(stage->name)));
  }
  jobs::NewJob root{.kind = std::string(root_kind), .subject = {"video", video.uuid}, .user = owner};
  const auto id = co_await ok(self->queue_.open_group(tx, std::move(root)));
  co_await ok(tx.made(id));
  co_await ok(media::set_root_job(tx, video, id));
  co_await ok(self->go_on(tx, {video, owner, id}));
  co_return id;
}

// A stage whose output still stands is over at once, which may let others begin: again, until nothing changes.
Task<Result<void>> Pipeline::go_on(Transaction tx, Run run) {
  for (std::size_t pass = 0; pass <= stages().size(); ++pass) {
    const auto now = co_await ok(look(tx, run.video));
    auto decision = decide(states_of(now.inputs), now.known);
    for (const auto* stage : decision.skip) co_await ok(mark_skipped(tx, run.video, stage));
    bool kept = false;
    for (const auto* stage : decision.start) {
      const bool fresh = is_fresh(*stage, now.inputs);
      kept = kept || fresh;
      co_await ok(fresh ? mark_kept(tx, run.video, std::string(stage->name))
                        : begin(tx, run, stage, input_hash(*stage, now.inputs)));
    }
    if (!kept) co_return co_await settle(tx, run, std::move(decision));
  }
  co_return fail(ErrorKind::internal, "the stages of " + run.video.text() + " do not come to rest");
}

Task<Result<void>> Pipeline::begin(Transaction tx, Run run, const Stage* stage, std::string input_hash) {
  jobs::NewJob job{.kind = std::string(stage->job_kind),
                   .subject = {"video", run.video.uuid},
                   .args = to_json(StageArgs{run.video}),
                   .user = run.owner,
                   .parent = run.root,
                   .unique_key = std::string(stage->job_kind) + ":" + run.video.canonical()};
  const auto id = co_await ok(queue_.add(tx, std::move(job)));
  co_return co_await mark_queued(tx, run.video, stage, id, std::move(input_hash));
}

Task<Result<void>> Pipeline::settle(Transaction tx, Run run, Decision decision) {
  const auto rows = co_await ok(stage_rows(tx, run.video));
  auto reason = co_await ok(reason_of(decision, rows));
  const auto message = reason ? std::optional(reason->message) : std::nullopt;
  co_await ok(media::set_status(tx, run.video, decision.status, message));
  if (!decision.over) co_return co_await jobs::set_progress(tx, run.root, decision.progress);
  const bool failed = decision.failed != nullptr;
  co_await ok(events_.publish(tx, {failed ? "video.failed" : "video.ready", run.video.uuid, run.owner}));
  jobs::Ending ending{
      .state = failed ? jobs::State::failed : jobs::State::succeeded, .result = "{}", .error = std::move(reason)};
  co_return co_await queue_.close_group(tx, run.root, std::move(ending));
}

Task<Result<std::vector<StageView>>> Pipeline::stages_of(Caller caller, media::VisibleVideo video) {
  return database_.read(caller, read_stages, video.id());
}

}  // namespace kinora::pipeline
