#pragma once

#include <filesystem>
#include <string>

#include "app/config.hpp"
#include "app/doctor/finding.hpp"
#include "base/task.hpp"
#include "children/launcher.hpp"

namespace kinora::app::doctor {

/// Runs a harmless program in the jail that `launcher` makes by `sandbox`.
Task<Finding> examine_jail(Launcher& launcher, Sandbox sandbox, std::filesystem::path scratch);
/// What `ffmpeg -encoders` and `ffmpeg -filters` print.
struct FfmpegLists {
  std::string encoders;
  std::string filters;
};
Finding judge_ffmpeg(const std::filesystem::path& ffmpeg, const FfmpegLists& lists);
/// Starts FFmpeg in the jail and asks for the encoders and filters that the product uses.
Task<Finding> examine_ffmpeg(Launcher& launcher, std::filesystem::path ffmpeg, std::filesystem::path scratch);
Task<Finding> examine_llama_server(Launcher& launcher, std::filesystem::path program, std::filesystem::path scratch);

}  // namespace kinora::app::doctor
