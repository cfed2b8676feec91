#pragma once

#include "jobs/worker.hpp"
#include "modules/ai/told.hpp"

namespace kinora::ai {

/// Words with times from the video's speech audio; silence gives an empty transcript.
struct Transcribe {
  static constexpr std::string_view kind = "ai.transcribe";
  VideoId video{};
};

class TranscribeWorker {
 public:
  explicit TranscribeWorker(Tools tools) : tools_(tools) {}
  Task<jobs::Outcome> work(jobs::Context context, Transcribe args);

 private:
  Task<Result<Transcript>> transcribe(jobs::Context context);
  /// With what people have written over what was heard before.
  static Task<Result<void>> write(Transaction tx, Transcript transcript, Told told);
  Transcript transcript_of(VideoId video, Transcription heard);

  Tools tools_;
};

}  // namespace kinora::ai
