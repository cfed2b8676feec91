#include "modules/ai/told.hpp"

namespace kinora::ai {

namespace {

Task<Result<void>> tell(Transaction tx, std::string topic, VideoId video, Told told) {
  return told.events->publish(tx, {std::move(topic), video.uuid, told.user});
}

}  // namespace

Task<Result<void>> tell_transcript(Transaction tx, VideoId video, Told told) {
  return tell(tx, "transcript.updated", video, told);
}

Task<Result<void>> keep_transcript(Transaction tx, Transcript transcript, Told told) {
  const auto video = transcript.video;
  co_await ok(put_transcript(tx, std::move(transcript)));
  co_return co_await tell_transcript(tx, video, told);
}

Task<Result<void>> keep_summary(Transaction tx, Summary summary, Told told) {
  const auto video = summary.video;
  co_await ok(put_summary(tx, std::move(summary)));
  co_return co_await tell(tx, "summary.updated", video, told);
}

Task<Result<void>> keep_chapters(Transaction tx, VideoId video, std::vector<Chapter> chapters, WrittenBy by, Told told) {
  co_await ok(put_chapters(tx, video, std::move(chapters), by));
  co_return co_await tell(tx, "chapters.updated", video, told);
}

}  // namespace kinora::ai
