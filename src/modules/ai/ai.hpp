#pragma once

#include <string>
#include <vector>

#include "base/versions.hpp"
#include "jobs/event_log.hpp"
#include "jobs/queue.hpp"
#include "jobs/worker.hpp"
#include "modules/ai/prompts.hpp"
#include "modules/ai/words.hpp"
#include "modules/media/media.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/language_model.hpp"
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

/// A part of a video about one thing; the parts follow each other without gaps.
struct Chapter {
  Seconds start{0};
  Seconds end{0};
  std::string title;
  std::string summary;
  ChapterId id{};  ///< once it is kept
};

/// Who wrote a text: quotes chosen by our code, a model on this machine, or a configured service.
enum class Engine : std::uint8_t { extractive, local_llm, remote };

struct WriterInfo {
  std::string model = "extractive";
  Engine engine = Engine::extractive;
};

/// What a summary is asked to be.
struct SummaryWishes {
  std::string language{};  ///< empty: that of the video, in which all are written
  bool include_timestamps = true;
};

/// A moment worth jumping to.
struct KeyMoment {
  Seconds start{0};
  std::string text;
};

struct Summary {
  SummaryId id{};
  VideoId video{};
  std::string language;
  std::string text;      ///< four to six sentences
  std::string overview;  ///< two or three
  std::vector<std::string> key_points{};
  std::vector<KeyMoment> timestamps{};
  double quality = 0;  ///< 0..1: how much of what the video is about it mentions
  WriterInfo model_info;
  Time created_at{};
  Time updated_at{};
};

/// What a person writes in place of what was heard: by segments, whose text may be empty.
struct TranscriptChange {
  struct Item {
    SegmentId segment{};
    std::string text;
  };
  std::vector<Item> segments{};
  IfVersion if_version{};
};

/// Told inside the transaction that changes the words of a video, so that what stands on them is made anew; its error undoes
/// the change. Pipeline implements it.
class OnCorrected {
 public:
  virtual ~OnCorrected() = default;
  virtual Task<Result<void>> on_corrected(Transaction tx, VideoId video, UserId owner) = 0;
};

/// What was said in videos. Any thread.
class Ai {
 public:
  Ai(Database& database, jobs::Queue& queue, jobs::EventLog& events, Clock& clock, Random& random)
      : database_(database), queue_(queue), events_(events), clock_(clock), random_(random) {}
  void set_on_corrected(OnCorrected& observer) { on_corrected_ = &observer; }

  /// Errors: not_found when there is none (yet); the stages tell which.
  Task<Result<Transcript>> transcript(Caller caller, media::VisibleVideo video);
  Task<Result<Transcript>> transcript_for_job(media::OwnedVideo video);
  /// What a person writes is laid over every later run too. Yields the transcript as it is then. Errors: not_found (none yet),
  /// stale, invalid (no such segment; not a word would be left), conflict (the video is still being processed).
  Task<Result<Transcript>> correct(Caller caller, media::OwnedVideo video, TranscriptChange change);

  /// The latest, or that in a language. Errors: not_found when there is none (yet).
  Task<Result<Summary>> summary(Caller caller, media::VisibleVideo video, std::string language = {});
  /// Makes it anew, in a job.
  Task<Result<JobId>> summarise(Caller caller, media::OwnedVideo video, SummaryWishes wishes);
  Task<Result<std::vector<Chapter>>> chapters(Caller caller, media::VisibleVideo video);
  Task<Result<std::vector<Chapter>>> chapters_for_job(media::OwnedVideo video);
  /// A person's chapters, which no later run replaces. Told as chapters.updated, as transcript.updated and summary.updated tell
  /// what the stages make, each about its video. Errors: invalid when they do not follow each other within the video.
  Task<Result<std::vector<Chapter>>> set_chapters(Caller caller, media::OwnedVideo video, std::vector<Chapter> chapters);

 private:
  Database& database_;
  jobs::Queue& queue_;
  jobs::EventLog& events_;
  Clock& clock_;
  Random& random_;
  OnCorrected* on_corrected_ = nullptr;
};

/// Whether anything was said, once transcribed.
Task<Result<bool>> has_speech(Transaction tx, VideoId video);

/// Subtitles of what was said: cues of at most two lines that stand at least a second and at most seven.
std::string webvtt_of(const std::vector<Segment>& segments);
std::string srt_of(const std::vector<Segment>& segments);

std::vector<Migration> migrations();
/// What its stages are made with.
struct Tools {
  media::Media& media;
  Ai& ai;
  Transcriber& transcriber;
  LanguageModel& language_model;
  jobs::EventLog& events;
  Clock& clock;
  Random& random;
};
std::vector<jobs::WorkerKind> workers(Tools tools);
std::vector<jobs::Handler> handlers();

}  // namespace kinora::ai

template <>
struct kinora::Names<kinora::ai::Engine> {
  using enum ai::Engine;
  static constexpr auto table = std::to_array<std::pair<ai::Engine, std::string_view>>(
      {{extractive, "extractive"}, {local_llm, "local-llm"}, {remote, "remote"}});
};
