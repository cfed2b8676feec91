#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/names.hpp"
#include "modules/pipeline/stages.hpp"

namespace kinora::pipeline {

/// As a row keeps it; running and its progress are read from the job.
enum class StageState : std::uint8_t { waiting, queued, done, skipped, failed, cancelled };

inline bool is_over(StageState state) { return state != StageState::waiting && state != StageState::queued; }

/// What is known about the video so far; absent: not known yet.
struct Known {
  std::optional<bool> has_video{};
  std::optional<bool> has_audio{};
  std::optional<bool> has_speech{};
};

using States = std::map<std::string_view, StageState>;

/// What the state of a video's stages means; pure, so that every order of events can be tested.
struct Decision {
  std::vector<const Stage*> start{};  ///< can run now
  std::vector<const Stage*> skip{};   ///< do not apply, or what they need is not there
  media::Status status{};
  const Stage* failed = nullptr;  ///< the stage that fails the video
  double progress = 0;            ///< 0..1
  bool over = false;              ///< nothing is left to wait for
};
Decision decide(States states, const Known& known);

}  // namespace kinora::pipeline

template <>
struct kinora::Names<kinora::pipeline::StageState> {
  using enum pipeline::StageState;
  static constexpr auto table = std::to_array<std::pair<pipeline::StageState, std::string_view>>({{waiting, "waiting"},
                                                                                                  {queued, "queued"},
                                                                                                  {done, "done"},
                                                                                                  {skipped, "skipped"},
                                                                                                  {failed, "failed"},
                                                                                                  {cancelled, "cancelled"}});
};
