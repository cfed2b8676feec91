#include "adapters/media_tool/ffmpeg/storyboards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "adapters/media_tool/ffmpeg/rungs.hpp"

namespace kinora::ffmpeg {

namespace {

constexpr int tiles_max = 100;
constexpr int columns_max = 10;
constexpr int tile_width = 160;
constexpr int tile_height_max = 320;
constexpr Seconds key_frame_gap_plain = 15s;  // wider than any encoder's default

long milliseconds_of(Seconds time) { return std::lround(time.count() * 1000); }

}  // namespace

StoryboardGrid storyboard_grid(const MediaInfo& info) {
  const auto& track = *info.video;
  const auto factor =
      std::min({1.0, static_cast<double>(tile_width) / track.width, static_cast<double>(tile_height_max) / track.height});
  const auto size = size_within(track, static_cast<int>(std::lround(std::max(track.width, track.height) * factor)));
  const Seconds interval(std::ceil(std::max(1.0, info.duration.count() / tiles_max) * 1000) / 1000);
  const auto tiles = std::clamp(static_cast<int>(std::ceil(info.duration / interval)), 1, tiles_max);
  return {.columns = std::min(tiles, columns_max),
          .tiles = tiles,
          .tile_width = size.width,
          .tile_height = size.height,
          .interval = interval};
}

std::string storyboard_filters_for(const VideoTrack& track, const StoryboardGrid& grid) {
  const auto interval = milliseconds_of(grid.interval);
  const int rows = (grid.tiles + grid.columns - 1) / grid.columns;
  // Few frames are scaled, then repeated where key frames are rare; the last one stays to the end.
  return fmt::format(
      "select='isnan(prev_selected_t)+gte(t-prev_selected_t,{:.3f})',{},format=yuvj420p,"
      "fps=1000/{}:start_time=0:eof_action=pass,tpad=stop_mode=clone:stop={},tile={}x{}:nb_frames={}",
      grid.interval.count() / 2, still_filters(track, {grid.tile_width, grid.tile_height}), interval, grid.tiles, grid.columns,
      rows, grid.tiles);
}

bool has_key_frames_for_storyboard(const MediaInfo& info) {
  const auto gap = info.video->key_frame_gap_max;
  return gap > Seconds(0) && gap <= std::max(key_frame_gap_plain, 4 * storyboard_grid(info).interval);
}

}  // namespace kinora::ffmpeg
