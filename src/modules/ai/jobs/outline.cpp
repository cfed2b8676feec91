#include "modules/ai/jobs/outline.hpp"

#include "base/deadline.hpp"
#include "base/json.hpp"
#include "modules/ai/generative.hpp"
#include "modules/ai/outline.hpp"
#include "modules/ai/told.hpp"

namespace kinora::ai {

namespace {

// A video should not wait longer for its own words to be told better.
constexpr std::chrono::minutes writing_limit{20};

/// Shown with the job.
struct WrittenHow {
  Engine engine = Engine::extractive;
  std::optional<std::string> why_not_written{};
  std::optional<std::string> why_another_language{};
};

Task<Result<Transcript>> transcript_behind(media::Media& media, Ai& ai, jobs::Job job) {
  auto video = co_await ok(media.for_job(std::move(job)));
  co_return co_await ai.transcript_for_job(std::move(video));
}

/// As they stand, a person's too.
Task<Result<std::vector<Chapter>>> chapters_behind(media::Media& media, Ai& ai, jobs::Job job) {
  auto video = co_await ok(media.for_job(std::move(job)));
  co_return co_await ai.chapters_for_job(std::move(video));
}

WrittenHow written_by(const LanguageModel& model) {
  return {.engine = model.place() == ModelPlace::remote ? Engine::remote : Engine::local_llm};
}

/// What the model made of it, or `quoted`; only to be stopped is an error.
template <class T>
Task<Result<std::pair<T, WrittenHow>>> best_of(const LanguageModel& model, Task<Result<T>> writing, T quoted) {
  auto written = co_await within(writing_limit, std::move(writing));
  if (written) co_return std::pair(*std::move(written), written_by(model));
  if (written.error().kind == ErrorKind::cancelled) co_return std::unexpected(std::move(written.error()));
  co_return std::pair(std::move(quoted), WrittenHow{.why_not_written = std::move(written.error().message)});
}

template <class T>
Task<Result<T>> not_written() {
  co_return fail(ErrorKind::unavailable, "no language model for this language");
}

}  // namespace

Task<jobs::Outcome> MakeChaptersWorker::work(jobs::Context context, MakeChapters args) {
  auto& model = tools_.language_model;
  const auto transcript = co_await transcript_behind(tools_.media, tools_.ai, context.job());
  if (!transcript) co_return jobs::outcome_of(transcript.error());
  const auto quoted = chapters_of(transcript->segments);
  const bool writes = can_write(model, transcript->language) && !quoted.empty();
  auto writing = writes ? named_chapters(model, *transcript, quoted) : not_written<std::vector<Chapter>>();
  auto made = co_await best_of(model, std::move(writing), quoted);
  if (!made) co_return jobs::outcome_of(std::move(made.error()));
  auto& [chapters, how] = *made;
  for (auto& chapter : chapters) chapter.id = tools_.random.id<ChapterId>(tools_.clock);
  const Told told{&tools_.events, context.job().user};
  auto finished = jobs::done(keep_chapters, args.video, std::move(chapters), WrittenBy::machine, told);
  co_return jobs::with_result(std::move(finished), to_json(how));
}

Task<jobs::Outcome> SummariseWorker::work(jobs::Context context, Summarise args) {
  auto& model = tools_.language_model;
  auto transcript = co_await transcript_behind(tools_.media, tools_.ai, context.job());
  if (!transcript) co_return jobs::outcome_of(transcript.error());
  const auto chapters = co_await chapters_behind(tools_.media, tools_.ai, context.job());
  if (!chapters) co_return jobs::outcome_of(chapters.error());
  const auto quoted = summary_of(*transcript, *chapters);
  const bool writes = can_write(model, transcript->language);
  auto writing = writes ? written_summary(model, *transcript, *chapters) : not_written<Summary>();
  auto made = co_await best_of(model, std::move(writing), quoted);
  if (!made) co_return jobs::outcome_of(std::move(made.error()));
  auto& [summary, how] = *made;
  if (!tells_as_much(summary, quoted)) {
    summary = quoted;
    how = {.why_not_written = "what the model wrote tells less of the video than quotes do"};
  }
  if (!args.wishes.include_timestamps) summary.timestamps.clear();
  if (!args.wishes.language.empty() && args.wishes.language != summary.language)
    how.why_another_language = "summaries are written in the language of their video: " + summary.language;
  summary.id = tools_.random.id<SummaryId>(tools_.clock);
  const Told told{&tools_.events, context.job().user};
  co_return jobs::with_result(jobs::done(keep_summary, std::move(summary), told), to_json(how));
}

}  // namespace kinora::ai
