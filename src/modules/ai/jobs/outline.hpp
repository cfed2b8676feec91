#pragma once

#include "jobs/worker.hpp"
#include "modules/ai/ai.hpp"

/// The stages that tell a video in short: its parts, then what it says. By the language model when there is one, it knows the
/// language and comes to an end in time; otherwise, and whenever it fails, by quotes. The job's result tells which, and why.
namespace kinora::ai {

struct MakeChapters {
  static constexpr std::string_view kind = "ai.chapters";
  VideoId video{};
};
class MakeChaptersWorker {
 public:
  explicit MakeChaptersWorker(Tools tools) : tools_(tools) {}
  Task<jobs::Outcome> work(jobs::Context context, MakeChapters args);

 private:
  Tools tools_;
};

struct Summarise {
  static constexpr std::string_view kind = "ai.summary";
  VideoId video{};
  SummaryWishes wishes{};
};
class SummariseWorker {
 public:
  explicit SummariseWorker(Tools tools) : tools_(tools) {}
  Task<jobs::Outcome> work(jobs::Context context, Summarise args);

 private:
  Tools tools_;
};

}  // namespace kinora::ai
