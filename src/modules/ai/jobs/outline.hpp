#pragma once

#include "jobs/worker.hpp"
#include "modules/ai/ai.hpp"

/// The stages that tell a video in short: its parts, then what it says.
namespace kinora::ai {

struct MakeChapters {
  static constexpr std::string_view kind = "ai.chapters";
  VideoId video{};
};
class MakeChaptersWorker {
 public:
  MakeChaptersWorker(media::Media& media, Ai& ai, Clock& clock, Random& random)
      : media_(media), ai_(ai), clock_(clock), random_(random) {}
  Task<jobs::Outcome> work(jobs::Context context, MakeChapters args);

 private:
  media::Media& media_;
  Ai& ai_;
  Clock& clock_;
  Random& random_;
};

struct Summarise {
  static constexpr std::string_view kind = "ai.summary";
  VideoId video{};
};
class SummariseWorker {
 public:
  SummariseWorker(media::Media& media, Ai& ai, Clock& clock, Random& random)
      : media_(media), ai_(ai), clock_(clock), random_(random) {}
  Task<jobs::Outcome> work(jobs::Context context, Summarise args);

 private:
  media::Media& media_;
  Ai& ai_;
  Clock& clock_;
  Random& random_;
};

}  // namespace kinora::ai
