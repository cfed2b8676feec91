#pragma once

#include <string>
#include <vector>

#include "modules/ai/ai.hpp"

namespace kinora::ai {

/// The words as WebVTT: cues of at most two lines that stand at least a second and at most seven.
std::string webvtt_of(const std::vector<Segment>& segments);

}  // namespace kinora::ai
