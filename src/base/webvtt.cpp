#include "base/webvtt.hpp"

#include <fmt/format.h>

#include <cmath>

namespace kinora {

std::string webvtt_time(Seconds position) {
  const auto milliseconds = std::llround(position.count() * 1000);
  return fmt::format("{:02}:{:02}:{:02}.{:03}", milliseconds / 3600000, milliseconds / 60000 % 60, milliseconds / 1000 % 60,
                     milliseconds % 1000);
}

}  // namespace kinora
