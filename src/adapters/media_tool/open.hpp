#pragma once

#include <filesystem>
#include <memory>

#include "base/health.hpp"
#include "base/log.hpp"
#include "base/pool.hpp"
#include "children/launcher.hpp"
#include "ports/media_tool.hpp"

namespace kinora {

struct MediaToolSettings {
  std::filesystem::path ffmpeg = "/usr/bin/ffmpeg";
  std::filesystem::path ffprobe = "/usr/bin/ffprobe";
  int threads = 2;  ///< of each child: what the CPU budget gives one job
};

/// Launcher, pool (for small reads of files) and log outlive the tool. A missing FFmpeg shows at the first call, as
/// unavailable.
std::unique_ptr<MediaTool> open_media_tool(MediaToolSettings settings, Launcher& launcher, Pool& files, Log& log);

HealthPart health_of(const MediaToolSettings& settings);

}  // namespace kinora
