#include "adapters/media_tool/ffmpeg/rungs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace kinora::ffmpeg {

namespace {

struct Rung {
  int height;        ///< of the shorter side, at most
  int quality;       ///< CRF: the lower, the better
  int kilobits_max;  ///< per second, at 30 frames
};

// Caps after Apple's HLS authoring specification and what veryfast needs for the same picture.
constexpr auto rungs = std::to_array<Rung>({
    {240, 24, 400},
    {360, 23, 800},
    {480, 23, 1400},
    {720, 23, 2800},
    {1080, 23, 5000},
    {1440, 22, 9000},
    {2160, 22, 17000},
    {8192, 22, 34000},
});

const Rung& rung_of(Size size) {
  return *std::ranges::find_if(rungs, [&](const Rung& rung) { return std::min(size.width, size.height) <= rung.height; });
}

int even(double length) { return std::max(2, static_cast<int>(std::lround(length / 2)) * 2); }

Size scaled(const VideoTrack& track, double factor) {
  // Down to even when nothing is scaled: one row less, never one more.
  if (factor >= 1) return {std::max(2, track.width / 2 * 2), std::max(2, track.height / 2 * 2)};
  return {even(track.width * factor), even(track.height * factor)};
}

/// BT.2020 light to BT.709. zimg needs to be told the input's matrix and primaries where a phone forgot to.
constexpr std::string_view tone_mapping =
    ",zscale=pin=bt2020:min=bt2020nc:t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,tonemap=hable:desat=0,"
    "zscale=t=bt709:m=bt709:r=tv";

std::string picture_filters(const VideoTrack& track, Size size) {
  std::string chain = fmt::format("scale={}:{}:flags=bicubic", size.width, size.height);
  if (track.high_dynamic_range) chain += tone_mapping;
  return chain + ",setsar=1";
}

}  // namespace

Size size_at(const VideoTrack& track, int height) {
  return scaled(track, static_cast<double>(height) / std::min(track.width, track.height));
}

Size size_within(const VideoTrack& track, int longer_side) {
  return scaled(track, static_cast<double>(longer_side) / std::max(track.width, track.height));
}

double frame_rate_of(const VideoTrack& track) {
  const auto rate = track.frames_per_second;
  if (rate > 60.5) return 60;
  if (rate <= 0) return 30;
  if (!track.variable_frame_rate) return rate;
  return rate <= 30.5 ? 30 : 60;
}

std::string filters_for(const VideoTrack& track, Size size) {
  std::string chain = track.interlaced ? "bwdif=mode=send_frame," : "";
  const bool steady = !track.variable_frame_rate && frame_rate_of(track) == track.frames_per_second;
  if (!steady) chain += fmt::format("fps={:.6f},", frame_rate_of(track));
  return chain + picture_filters(track, size) + ",format=yuv420p";
}

std::string poster_filters_for(const VideoTrack& track, Size size) {
  // The most telling of the first key frames: a film's first one is black.
  return "thumbnail=8," + picture_filters(track, size) + ",format=yuvj420p";
}

std::vector<std::string> encoder_options(const VideoTrack& track, Size size) {
  const auto& rung = rung_of(size);
  const auto rate = frame_rate_of(track);
  const int kilobits = rate > 31 ? rung.kilobits_max * 3 / 2 : rung.kilobits_max;
  const auto frames_per_segment = std::to_string(static_cast<int>(std::ceil(rate * segment_seconds)));
  // Key frames by time, so that all rungs cut at the same places; closed, so that each segment decodes by itself.
  return {"-c:v",
          "libx264",
          "-preset",
          "veryfast",
          "-profile:v",
          "high",
          "-crf",
          std::to_string(rung.quality),
          "-maxrate",
          fmt::format("{}k", kilobits),
          "-bufsize",
          fmt::format("{}k", 2 * kilobits),
          "-g",
          frames_per_segment,
          "-sc_threshold",
          "0",
          "-force_key_frames",
          fmt::format("expr:gte(t,n_forced*{})", segment_seconds),
          "-flags",
          "+cgop"};
}

}  // namespace kinora::ffmpeg
