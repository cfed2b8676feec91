#pragma once

#include <cstdint>
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

/// Frames per second as a fraction, so that a film of hours does not drift: 30000/1001.
struct Rate {
  std::int64_t frames = 30;
  std::int64_t seconds = 1;

  double per_second() const { return static_cast<double>(frames) / static_cast<double>(seconds); }
  Seconds time_of(std::int64_t frame) const { return Seconds(static_cast<double>(frame) / per_second()); }
  std::int64_t frames_in(Seconds time) const;
};

/// The rate of the output: the source's, but constant, and at most 60.
Rate rate_of(const VideoTrack& track);

/// All segments of an encoded rung but the last have this many frames, 4 s of them.
std::int64_t frames_per_segment(const VideoTrack& track);

/// Which frames of the output a run makes.
struct Stretch {
  std::int64_t first_frame = 0;
  Seconds end{0};  ///< damaged time stamps must not make an endless output
};

/// The filter graph from one decode to frames a browser plays at every size, ascending: deinterlaced, steady, tone-mapped,
/// 8 bit and square once, then each size scaled from the next larger one. Its outputs are [rung0], [rung1] ...
std::string ladder_graph(const VideoTrack& track, const std::vector<Size>& sizes, Stretch stretch);

/// Filters from a decoded frame to a still picture of this size; the format is left open.
std::string still_filters(const VideoTrack& track, Size size);
std::string poster_filters_for(const VideoTrack& track, Size size);

/// Options of the H.264 encoder for a rung.
std::vector<std::string> encoder_options(const VideoTrack& track, Size size);

inline constexpr int segment_seconds = 4;

}  // namespace kinora::ffmpeg
