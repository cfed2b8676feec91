#include "modules/media/storyboard.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/webvtt.hpp"

namespace kinora::media {

std::string storyboard_cues(const StoryboardGrid& grid, Seconds duration, std::string_view sprite) {
  std::string out = "WEBVTT\n";
  for (int tile = 0; tile < grid.tiles; ++tile) {
    const auto end = tile + 1 < grid.tiles ? (tile + 1) * grid.interval : duration;
    out += fmt::format("\n{} --> {}\n{}#xywh={},{},{},{}\n", webvtt_time(tile * grid.interval), webvtt_time(end), sprite,
                       tile % grid.columns * grid.tile_width, tile / grid.columns * grid.tile_height, grid.tile_width,
                       grid.tile_height);
  }
  return out;
}

}  // namespace kinora::media
