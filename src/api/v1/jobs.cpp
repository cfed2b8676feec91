#include "api/v1/jobs.hpp"

#include "api/shared/paging.hpp"
#include "base/json.hpp"

namespace kinora::api::v1 {

namespace {

std::string address_of(JobId id) { return "/api/v1/jobs/" + id.text(); }

http::Accepted<JobAnswer> goes_on(const jobs::Job& job) { return {.view = {view_of(job)}, .location = address_of(job.id)}; }

Result<DeadLetterView> view_of(const jobs::DeadLetter& letter) {
  auto payload = parse_json(letter.payload);
  if (!payload) return std::unexpected(std::move(payload.error()));
  auto error = from_json_text<ErrorView>(letter.error);
  if (!error) return std::unexpected(std::move(error.error()));
  return DeadLetterView{.id = letter.id,
                        .source = letter.source,
                        .kind = letter.kind,
                        .payload = *std::move(payload),
                        .error = *std::move(error),
                        .attempts = letter.attempts,
                        .replayed_at = letter.replayed_at,
                        .replay = "POST /api/v1/admin/dead-letters/" + letter.id.text() + "/replay",
                        .created_at = letter.created_at};
}

}  // namespace

Task<Result<JobView>> show_job(Services& app, Caller caller, OneJob ask) {
  const auto job = co_await ok(app.queue.find(std::move(caller), ask.path.id));
  if (!job) co_return fail(ErrorKind::not_found, "there is no job " + ask.path.id.text());
  co_return view_of(*job);
}

Task<Result<ListView<JobView>>> list_jobs(Services& app, Caller caller, ListJobs ask) {
  const auto limit = ask.query.page.limit;
  jobs::JobQuery query{.kind = ask.query.kind ? ask.query.kind->value : "", .limit = static_cast<std::int64_t>(limit) + 1};
  if (ask.query.state) query.state = *ask.query.state;
  if (ask.query.video_id) query.subject = ask.query.video_id->uuid;
  if (const auto place = co_await ok(place_of<Birth<JobId>>(app.cursors, caller, ask.query.page))) {
    query.before = place->created_at();
    query.before_id = place->id;
  }
  auto found = co_await ok(app.queue.list(caller, std::move(query)));
  ListView<JobView> list{.has_more = cut_to_page(found, limit)};
  for (const auto& job : found) list.data.push_back(view_of(job));
  if (list.has_more) list.next_cursor = cursor_of(app.cursors, caller, ask.query.page, birth_of(found.back()));
  co_return list;
}

Task<Result<http::Accepted<JobAnswer>>> accepted_job(Services& app, Caller caller, JobId id) {
  const auto job = co_await ok(app.queue.find(std::move(caller), id));
  if (!job) co_return fail(ErrorKind::not_found, "there is no job " + id.text());
  co_return goes_on(*job);
}

Task<Result<http::Accepted<JobAnswer>>> cancel_job(Services& app, Caller caller, OneJob ask) {
  co_return goes_on(co_await ok(app.queue.cancel(std::move(caller), ask.path.id)));
}

Task<Result<http::Accepted<JobAnswer>>> retry_job(Services& app, Caller caller, OneJob ask) {
  co_return goes_on(co_await ok(app.queue.retry(std::move(caller), ask.path.id)));
}

Task<Result<http::Accepted<JobAnswer>>> reprocess_video(Services& app, Caller caller, ReprocessVideo ask) {
  auto video = co_await ok(app.media.owned(caller, ask.path.id));
  std::vector<std::string> stages;
  if (ask.body.stages) stages.assign(ask.body.stages->begin(), ask.body.stages->end());
  const auto root = co_await ok(app.pipeline.reprocess(caller, std::move(video), std::move(stages)));
  co_return co_await accepted_job(app, std::move(caller), root);
}

Task<Result<ListView<DeadLetterView>>> list_dead_letters(Services& app, Caller caller, ListDeadLetters ask) {
  const auto limit = ask.query.page.limit;
  const auto place = co_await ok(place_of<Birth<DeadLetterId>>(app.cursors, caller, ask.query.page));
  const auto before = place ? place->created_at() : Time::max();
  const auto count = static_cast<std::int64_t>(limit) + 1;
  auto found = co_await ok(app.queue.dead_letters(caller, before, place ? place->id : DeadLetterId{}, count));
  ListView<DeadLetterView> list{.has_more = cut_to_page(found, limit)};
  for (const auto& letter : found) list.data.push_back(co_await ok(view_of(letter)));
  if (list.has_more) list.next_cursor = cursor_of(app.cursors, caller, ask.query.page, birth_of(found.back()));
  co_return list;
}

Task<Result<http::Accepted<JobAnswer>>> replay_dead_letter(Services& app, Caller caller, OneDeadLetter ask) {
  co_return goes_on(co_await ok(app.queue.retry(std::move(caller), JobId{ask.path.id.uuid})));
}

Task<Result<http::NoContent>> delete_dead_letter(Services& app, Caller caller, OneDeadLetter ask) {
  co_await ok(app.queue.forget_dead_letter(std::move(caller), ask.path.id));
  co_return http::NoContent{};
}

Task<Result<http::Accepted<JobAnswer>>> replay_dead_letters(Services& app, Caller caller, ReplayDeadLetters ask) {
  co_return goes_on(co_await ok(app.queue.replay_all(std::move(caller), std::move(ask.body.kind.value))));
}

}  // namespace kinora::api::v1
