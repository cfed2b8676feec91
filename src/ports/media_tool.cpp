#include "ports/media_tool.hpp"

#include <algorithm>
#include <cmath>

namespace kinora {

namespace {

std::int64_t bits_per_second(double bytes, Seconds time) {
  return time.count() > 0 ? std::llround(bytes * 8 / time.count()) : 0;
}

}  // namespace

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
