#pragma once

#include "jobs/worker.hpp"
#include "modules/media/media.hpp"
#include "modules/media/store.hpp"

/// The stages that FFmpeg does. Each reads the source as a local file, works in the job's scratch folder, makes its outputs
/// durable as blobs, and names them in the transaction that ends the job.
namespace kinora::media {

/// What every worker here works with; all of it outlives the queue.
struct Bench {
  Media& media;
  MediaTool& tool;
  BlobStore& blobs;
  Clock& clock;
  Random& random;
};

/// The source of a video, as a child may read it.
struct Source {
  OwnedVideo video;
  LocalFile file;
  MediaInfo info;  ///< empty before probe
};
Task<Result<Source>> open_source(Bench bench, jobs::Job job);

/// A rung whose bytes are durable; name_picture() makes it one of the video's.
struct Picture {
  KeptFile file;
  Variant variant;
};

struct Probe {
  static constexpr std::string_view kind = "media.probe";
  VideoId video{};
};
class ProbeWorker {
 public:
  explicit ProbeWorker(Bench bench) : bench_(bench) {}
  Task<jobs::Outcome> work(jobs::Context context, Probe args);

 private:
  Task<Result<MediaInfo>> probe(jobs::Context context);
  Bench bench_;
};

/// Makes the video playable: a copy of the picture where it fits, else the lowest rung, and the sound.
struct FirstRung {
  static constexpr std::string_view kind = "media.first_rung";
  VideoId video{};
};
class FirstRungWorker {
 public:
  explicit FirstRungWorker(Bench bench) : bench_(bench) {}
  Task<jobs::Outcome> work(jobs::Context context, FirstRung args);

 private:
  struct Made {
    std::optional<KeptFile> sound{};
    std::optional<Picture> picture{};
  };
  Task<Result<Made>> make(jobs::Context context);
  Task<Result<Picture>> make_picture(jobs::Context context, OwnedVideo video, std::filesystem::path input, MediaInfo info);
  static Task<Result<void>> write(Transaction tx, std::optional<KeptFile> sound, std::optional<Picture> picture);
  Bench bench_;
};

/// The other rungs, up to the size of the source; then a plain file of each.
struct RestOfLadder {
  static constexpr std::string_view kind = "media.rest_of_ladder";
  VideoId video{};
};
class RestOfLadderWorker {
 public:
  explicit RestOfLadderWorker(Bench bench) : bench_(bench) {}
  Task<jobs::Outcome> work(jobs::Context context, RestOfLadder args);

 private:
  Task<Result<void>> make(jobs::Context context);
  Task<Result<void>> make_rungs(jobs::Context context, OwnedVideo video, std::filesystem::path input, MediaInfo info,
                                std::vector<int> heights);
  Bench bench_;
};

/// A still for lists and the player, from key frames.
struct Poster {
  static constexpr std::string_view kind = "media.poster";
  VideoId video{};
};
class PosterWorker {
 public:
  explicit PosterWorker(Bench bench) : bench_(bench) {}
  Task<jobs::Outcome> work(jobs::Context context, Poster args);

 private:
  Task<Result<KeptFile>> make(jobs::Context context);
  Bench bench_;
};

/// Small pictures over the whole length, for the player's time line.
struct MakeStoryboard {
  static constexpr std::string_view kind = "media.storyboard";
  VideoId video{};
};
class StoryboardWorker {
 public:
  explicit StoryboardWorker(Bench bench) : bench_(bench) {}
  Task<jobs::Outcome> work(jobs::Context context, MakeStoryboard args);

 private:
  Task<Result<KeptFile>> make(jobs::Context context);
  Bench bench_;
};

/// 16 kHz mono sound for speech to text.
struct Audio {
  static constexpr std::string_view kind = "media.audio";
  VideoId video{};
};
class AudioWorker {
 public:
  explicit AudioWorker(Bench bench) : bench_(bench) {}
  Task<jobs::Outcome> work(jobs::Context context, Audio args);

 private:
  Task<Result<KeptFile>> make(jobs::Context context);
  Bench bench_;
};

}  // namespace kinora::media
