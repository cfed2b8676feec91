#include "modules/ai/ai.hpp"

#include "modules/ai/store.hpp"

namespace kinora::ai {

namespace {

/// A transcript has more than a hundred rows: not a small read.
Task<Result<Transcript>> get_transcript(Database& database, Caller caller, VideoId video) {
  auto transcript = co_await ok(database.scan(std::move(caller), find_transcript, video));
  if (!transcript) co_return fail(ErrorKind::not_found, "this video has no transcript");
  co_return *std::move(transcript);
}

}  // namespace

Task<Result<Transcript>> Ai::transcript(Caller caller, media::VisibleVideo video) {
  return get_transcript(database_, std::move(caller), video.id());
}

Task<Result<Transcript>> Ai::transcript_for_job(media::OwnedVideo video) {
  return get_transcript(database_, Caller::system("ai"), video.id());
}

}  // namespace kinora::ai
