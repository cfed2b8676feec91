#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "modules/media/media.hpp"

namespace kinora::pipeline {

/// What a video must have for a stage to apply to it.
enum class When : std::uint8_t { always, has_video, has_audio, has_picture_or_sound, has_speech };

/// fails_video: without it there is nothing to watch. degrades: the video is ready all the same, and `reprocess` mends it.
enum class OnFailure : std::uint8_t { fails_video, degrades };

using StageNames = std::array<std::string_view, 2>;

struct Stage {
  std::string_view name;
  std::string_view job_kind;
  StageNames needs;  ///< must be done
  StageNames after;  ///< must be over, well or not
  When when;
  OnFailure on_failure;
  int version;  ///< raised when its result would differ for the same input
  media::Status shown_as;
  double weight;  ///< of the root job's progress
};

std::span<const Stage> stages();
const Stage* find_stage(std::string_view name);
const Stage* stage_of_job(std::string_view job_kind);

}  // namespace kinora::pipeline
