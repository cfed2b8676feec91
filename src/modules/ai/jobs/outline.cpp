#include "modules/ai/jobs/outline.hpp"

#include "modules/ai/outline.hpp"
#include "modules/ai/store.hpp"

namespace kinora::ai {

namespace {

Task<Result<Transcript>> transcript_behind(media::Media& media, Ai& ai, jobs::Job job) {
  auto video = co_await ok(media.for_job(std::move(job)));
  co_return co_await ai.transcript_for_job(std::move(video));
}

}  // namespace

Task<jobs::Outcome> MakeChaptersWorker::work(jobs::Context context, MakeChapters args) {
  const auto transcript = co_await transcript_behind(media_, ai_, context.job());
  if (!transcript) co_return jobs::outcome_of(transcript.error());
  auto chapters = chapters_of(transcript->segments);
  std::vector<ChapterId> ids;
  for (std::size_t at = 0; at < chapters.size(); ++at) ids.push_back(random_.id<ChapterId>(clock_));
  co_return jobs::done(put_chapters, args.video, std::move(ids), std::move(chapters), WrittenBy::machine);
}

Task<jobs::Outcome> SummariseWorker::work(jobs::Context context, Summarise) {
  const auto transcript = co_await transcript_behind(media_, ai_, context.job());
  if (!transcript) co_return jobs::outcome_of(transcript.error());
  auto summary = summary_of(*transcript, chapters_of(transcript->segments));
  summary.id = random_.id<SummaryId>(clock_);
  co_return jobs::done(put_summary, std::move(summary));
}

}  // namespace kinora::ai
