#include "ports/media_tool.hpp"

#include <algorithm>
#include <cmath>

namespace kinora {

namespace {

std::int64_t bits_per_second(double bytes, Seconds time) {
  return time.count() > 0 ? std::llround(bytes * 8 / time.count()) : 0;
}

}  // namespace

bool fits_copy(const MediaInfo& info) {
  if (!info.video) return false;
  const auto& picture = *info.video;
  const bool known_profile = picture.profile == "High" || picture.profile == "Main" || picture.profile == "Baseline" ||
                             picture.profile == "Constrained Baseline";
  return picture.codec == "h264" && known_profile && picture.pixel_format == "yuv420p" && !picture.interlaced &&
         picture.rotation == 0 && !picture.mirrored && !picture.changes_size && !picture.has_open_groups &&
         picture.key_frame_gap_max > Seconds(0) && picture.key_frame_gap_max <= Seconds(6);
}

std::vector<int> ladder_heights(const MediaInfo& info) {
  if (!info.video) return {};
  const int shorter = std::min(info.video->width, info.video->height);
  std::vector<int> heights;
  for (const int rung : {360, 480, 720, 1080, 1440, 2160})
    if (rung <= shorter) heights.push_back(rung);
  if (heights.empty()) heights.push_back(std::max(2, shorter / 2 * 2));
  return heights;
}

std::int64_t Rendition::peak_bits_per_second() const {
  std::int64_t peak = 0;
  for (const auto& segment : segments)
    peak = std::max(peak, bits_per_second(static_cast<double>(segment.size), segment.duration));
  return peak;
}

std::int64_t Rendition::average_bits_per_second() const {
  double bytes = 0;
  Seconds time{0};
  for (const auto& segment : segments) {
    bytes += static_cast<double>(segment.size);
    time += segment.duration;
  }
  return bits_per_second(bytes, time);
}

}  // namespace kinora
