#pragma once

#include <string>
#include <string_view>

#include "ports/media_tool.hpp"

namespace kinora::media {

/// WebVTT of which each cue shows a part of the sprite (W3C Media Fragments, 4.2.2), up to `duration`. Written on request, as
/// playlists are, because `sprite` is a name inside a grant or a whole address.
std::string storyboard_cues(const StoryboardGrid& grid, Seconds duration, std::string_view sprite);

}  // namespace kinora::media
