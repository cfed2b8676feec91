#include "adapters/media_tool/ffmpeg/rungs.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

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

std::string scale_to(Size size) { return fmt::format("scale={}:{}:flags=bicubic", size.width, size.height); }

/// The same fraction for what containers write as 29.97, 29.970030 or 29.969999.
std::optional<Rate> broadcast_rate(double per_second) {
  const auto nominal = std::llround(per_second * 1.001);
  const bool is_near = nominal > 0 && std::abs(per_second * 1.001 / static_cast<double>(nominal) - 1) < 0.0003;
  return is_near ? std::optional(Rate{nominal * 1000, 1001}) : std::nullopt;
}

}  // namespace

Size size_at(const VideoTrack& track, int height) {
  return scaled(track, static_cast<double>(height) / std::min(track.width, track.height));
}

Size size_within(const VideoTrack& track, int longer_side) {
  return scaled(track, static_cast<double>(longer_side) / std::max(track.width, track.height));
}

std::int64_t Rate::frames_in(Seconds time) const { return std::llround(time.count() * per_second()); }

Rate rate_of(const VideoTrack& track) {
  const auto rate = track.frames_per_second;
  if (rate > 60.5) return {60, 1};
  if (rate <= 0) return {30, 1};
  if (track.variable_frame_rate) return {rate <= 30.5 ? 30 : 60, 1};
  if (const auto whole = std::llround(rate); whole > 0 && std::abs(rate / static_cast<double>(whole) - 1) < 0.0003)
    return {whole, 1};
  return broadcast_rate(rate).value_or(Rate{std::max(1LL, std::llround(rate * 1000)), 1000});
}

std::int64_t frames_per_segment(const VideoTrack& track) {
  return std::max(1LL, std::llround(std::ceil(rate_of(track).per_second() * segment_seconds - 0.01)));
}

std::string still_filters(const VideoTrack& track, Size size) {
  auto chain = scale_to(size);
  if (track.high_dynamic_range) chain += tone_mapping;
  return chain + ",setsar=1";
}

std::string ladder_graph(const VideoTrack& track, const std::vector<Size>& sizes, Stretch stretch) {
  const auto rate = rate_of(track);
  // `start_time` makes a run that begins in the middle give the very frames that one from the beginning gives there.
  auto graph = fmt::format("[0:V:0]{}fps={}/{}:start_time={:.6f},trim=end={:.3f},{},format=yuv420p",
                           track.interlaced ? "bwdif=mode=send_frame," : "", rate.frames, rate.seconds,
                           rate.time_of(stretch.first_frame).count(), stretch.end.count(), still_filters(track, sizes.back()));
  for (auto at = sizes.size() - 1; at > 0; --at)
    graph += fmt::format(",split[rung{0}][below{0}];[below{0}]{1},setsar=1", at, scale_to(sizes[at - 1]));
  return graph + "[rung0]";
}

std::string poster_filters_for(const VideoTrack& track, Size size) {
  // The most telling of the first key frames: a film's first one is black.
  return "thumbnail=8," + still_filters(track, size) + ",format=yuvj420p";
}

std::vector<std::string> encoder_options(const VideoTrack& track, Size size) {
  const auto& rung = rung_of(size);
  const int kilobits = rate_of(track).per_second() > 31 ? rung.kilobits_max * 3 / 2 : rung.kilobits_max;
  // Key frames by count, so that all rungs cut at the same frames; closed, so that each segment decodes by itself.
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
          std::to_string(frames_per_segment(track)),
          "-sc_threshold",
          "0",
          "-flags",
          "+cgop"};
}

}  // namespace kinora::ffmpeg
