#pragma once

#include <string>

#include "base/time.hpp"

namespace kinora {

/// A position as WebVTT cues write it: 00:01:02.500
std::string webvtt_time(Seconds position);

}  // namespace kinora
