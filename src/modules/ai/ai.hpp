#pragma once

#include <string>
#include <vector>

#include "jobs/event_log.hpp"
#include "jobs/worker.hpp"
#include "modules/media/media.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"
#include "ports/transcriber.hpp"

namespace kinora::ai {

/// A sentence or breath group.
struct Segment {
  SegmentId id{};
  Seconds start{0};
  Seconds end{0};
  std::string text;
  std::vector<Word> words{};
};

struct ModelInfo {
  std::string model;
};

struct Transcript {
  TranscriptId id{};
  VideoId video{};
  std::string language;
  std::string text;
  Seconds duration{0};  ///< of what was said
  ModelInfo model_info;
  std::optional<Time> edited_at{};
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
  std::vector<Segment> segments{};
};

/// What was said in videos. Any thread.
class Ai {
 public:
  explicit Ai(Database& database) : database_(database) {}

  /// Errors: not_found when there is none (yet); the stages tell which.
  Task<Result<Transcript>> transcript(Caller caller, media::VisibleVideo video);
  Task<Result<Transcript>> transcript_for_job(media::OwnedVideo video);

 private:
  Database& database_;
};

/// Whether anything was said, once transcribed.
Task<Result<bool>> has_speech(Transaction tx, VideoId video);

std::vector<Migration> migrations();
std::vector<jobs::WorkerKind> workers(media::Media& media, Transcriber& transcriber, Clock& clock, Random& random);
std::vector<jobs::Handler> handlers();

}  // namespace kinora::ai
