#include "adapters/media_tool/open.hpp"

#include "adapters/media_tool/ffmpeg/ffmpeg_media_tool.hpp"
#include "children/health.hpp"

namespace kinora {

std::unique_ptr<MediaTool> open_media_tool(MediaToolSettings settings, Launcher& launcher, Pool& files, Log& log) {
  return std::make_unique<FfmpegMediaTool>(std::move(settings), launcher, files, log);
}

HealthPart health_of(const MediaToolSettings& settings) {
  return health_of_children("ffmpeg", {settings.ffmpeg, settings.ffprobe});
}

}  // namespace kinora
