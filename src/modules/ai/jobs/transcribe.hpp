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
  struct Heard {
    Transcript transcript;
    std::optional<media::KeptFile> captions{};  ///< none when nothing was said
  };
  Task<Result<Heard>> transcribe(jobs::Context context);
  static Task<Result<void>> write(Transaction tx, Transcript transcript, std::optional<media::KeptFile> captions, Told told);
  Task<Result<media::KeptFile>> keep_captions(jobs::Context context, media::OwnedVideo video, Transcript transcript);
  Transcript transcript_of(VideoId video, Transcription heard);

  Tools tools_;
};

}  // namespace kinora::ai
