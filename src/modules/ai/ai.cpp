#include "modules/ai/ai.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "modules/ai/jobs/outline.hpp"
#include "modules/ai/told.hpp"

namespace kinora::ai {

namespace {

std::unexpected<Error> no_transcript() { return fail(ErrorKind::not_found, "this video has no transcript"); }

/// A transcript has more than a hundred rows: not a small read.
Task<Result<Transcript>> get_transcript(Database& database, Caller caller, VideoId video) {
  auto transcript = co_await ok(database.scan(std::move(caller), find_transcript, video));
  if (!transcript) co_return no_transcript();
  co_return *std::move(transcript);
}

/// One person's change of one transcript.
struct Correcting {
  media::Video video;
  UserId user{};
  TranscriptChange change;
  std::vector<EditId> ids{};  ///< for each of its segments
  jobs::EventLog* events = nullptr;
  OnCorrected* observer = nullptr;
};

Task<Result<Transcript>> correct_transcript(Transaction tx, Correcting asked) {
  const auto before = co_await ok(find_transcript(tx, asked.video.id));
  if (!before) co_return no_transcript();
  co_await ok(require_version(before->version, asked.change.if_version));
  std::vector<Correction> corrections;
  for (auto& [id, text] : asked.change.segments) {
    const auto segment = std::ranges::find(before->segments, id, &Segment::id);
    if (segment == before->segments.end())
      co_return fail(ErrorKind::invalid, "this transcript has no segment " + id.text() + "; read it again");
    corrections.push_back({segment->start, segment->end, one_line(text)});
    co_await ok(put_correction(tx, asked.ids[corrections.size() - 1], asked.video.id, corrections.back(), asked.user));
  }
  auto now = corrected(*before, corrections);
  if (now.segments.empty()) co_return fail(ErrorKind::invalid, "no word of the transcript would be left; keep one at least");
  co_await ok(rewrite_transcript(tx, *before, std::move(now)));
  co_await ok(tell_transcript(tx, asked.video.id, {asked.events, asked.video.owner}));
  if (asked.observer != nullptr) co_await ok(asked.observer->on_corrected(tx, asked.video.id, asked.video.owner));
  auto written = co_await ok(find_transcript(tx, asked.video.id));
  co_return *std::move(written);
}

Task<Result<JobId>> add_job(Transaction tx, jobs::Queue* queue, jobs::NewJob job) {
  const auto id = co_await ok(queue->add(tx, std::move(job)));
  co_await ok(tx.made(id));
  co_return id;
}

Result<void> check_chapters(const std::vector<Chapter>& chapters, Seconds video) {
  Seconds before{0};
  for (const auto& chapter : chapters) {
    if (chapter.start < before || chapter.end <= chapter.start || chapter.end > video)
      return fail(ErrorKind::invalid, "the chapter " + chapter.title +
                                          " must begin where the one before it ends or later, and end within the video");
    before = chapter.end;
  }
  return {};
}

}  // namespace

Task<Result<Transcript>> Ai::transcript(Caller caller, media::VisibleVideo video) {
  return get_transcript(database_, std::move(caller), video.id());
}

Task<Result<Transcript>> Ai::transcript_for_job(media::OwnedVideo video) {
  return get_transcript(database_, Caller::system("ai"), video.id());
}

Task<Result<Transcript>> Ai::correct(Caller caller, media::OwnedVideo video, TranscriptChange change) {
  std::vector<EditId> ids;
  for (std::size_t at = 0; at < change.segments.size(); ++at) ids.push_back(random_.id<EditId>(clock_));
  Correcting asked{video.video(), caller.user, std::move(change), std::move(ids), &events_, on_corrected_};
  co_return co_await database_.transact(std::move(caller), correct_transcript, std::move(asked));
}

Task<Result<Summary>> Ai::summary(Caller caller, media::VisibleVideo video, std::string language) {
  auto summary = co_await ok(database_.read(std::move(caller), find_summary, video.id(), language));
  if (!summary)
    co_return fail(ErrorKind::not_found,
                   "this video has no summary" + (language.empty() ? "" : " in the language " + language));
  co_return *std::move(summary);
}

Task<Result<JobId>> Ai::summarise(Caller caller, media::OwnedVideo video, SummaryWishes wishes) {
  jobs::NewJob job{.kind = std::string(Summarise::kind),
                   .subject = {"video", video.id().uuid},
                   .args = to_json(Summarise{video.id(), std::move(wishes)}),
                   .user = video.video().owner,
                   .unique_key = "ai.summary.asked:" + video.id().canonical()};  // not the stage's
  co_return co_await database_.transact(std::move(caller), add_job, &queue_, std::move(job));
}

Task<Result<std::vector<Chapter>>> Ai::chapters(Caller caller, media::VisibleVideo video) {
  return database_.read(std::move(caller), chapters_of_video, video.id());
}

Task<Result<std::vector<Chapter>>> Ai::chapters_for_job(media::OwnedVideo video) {
  return database_.read(Caller::system("ai"), chapters_of_video, video.id());
}

Task<Result<std::vector<Chapter>>> Ai::set_chapters(Caller caller, media::OwnedVideo video, std::vector<Chapter> chapters) {
  co_await ok(check_chapters(chapters, video.video().duration.value_or(Seconds::max())));
  for (auto& chapter : chapters) chapter.id = random_.id<ChapterId>(clock_);
  const Told told{&events_, video.video().owner};
  co_await ok(database_.transact(caller, keep_chapters, video.id(), chapters, WrittenBy::person, told));
  co_return chapters;
}

}  // namespace kinora::ai
