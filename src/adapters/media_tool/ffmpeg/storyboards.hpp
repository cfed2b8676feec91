#pragma once

#include <string>

#include "ports/media_tool.hpp"

namespace kinora::ffmpeg {

/// One tile a second, or 100 over the whole length.
StoryboardGrid storyboard_grid(const MediaInfo& info);

/// From decoded frames to one sprite.
std::string storyboard_filters_for(const VideoTrack& track, const StoryboardGrid& grid);

/// Whether the key frames alone show most tiles apart. Else more is decoded: a film may have one key frame in all.
bool has_key_frames_for_storyboard(const MediaInfo& info);

}  // namespace kinora::ffmpeg
