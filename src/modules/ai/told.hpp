#pragma once

#include <optional>

#include "modules/ai/store.hpp"

/// What is kept of a video, and told in the same transaction.
namespace kinora::ai {

/// Where it is told, and whose affair it is.
struct Told {
  jobs::EventLog* events = nullptr;
  std::optional<UserId> user{};
};

/// As transcript.updated.
Task<Result<void>> tell_transcript(Transaction tx, VideoId video, Told told);
/// Told as transcript.updated.
Task<Result<void>> keep_transcript(Transaction tx, Transcript transcript, Told told);
/// Told as summary.updated.
Task<Result<void>> keep_summary(Transaction tx, Summary summary, Told told);
/// Told as chapters.updated; see put_chapters.
Task<Result<void>> keep_chapters(Transaction tx, VideoId video, std::vector<Chapter> chapters, WrittenBy by, Told told);

}  // namespace kinora::ai
