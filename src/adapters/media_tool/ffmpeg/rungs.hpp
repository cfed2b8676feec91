#pragma once

#include <string>
#include <vector>

#include "ports/media_tool.hpp"

namespace kinora::ffmpeg {

struct Size {
  int width = 0;
  int height = 0;
};

/// The picture with its shorter side at `height`, never larger than it is; aspect kept, sides even.
Size size_at(const VideoTrack& track, int height);

/// The picture within a box, never larger than it is; aspect kept, sides even.
Size size_within(const VideoTrack& track, int longer_side);

/// The rate of the output: the source's, but constant, and at most 60.
double frame_rate_of(const VideoTrack& track);

/// From decoded frames to what a browser plays: deinterlaced, scaled, tone-mapped, steady, 8 bit, square pixels.
std::string filters_for(const VideoTrack& track, Size size);
/// The same for one still picture.
std::string poster_filters_for(const VideoTrack& track, Size size);

/// Options of the H.264 encoder for a rung.
std::vector<std::string> encoder_options(const VideoTrack& track, Size size);

inline constexpr int segment_seconds = 4;

}  // namespace kinora::ffmpeg
