#pragma once

#include <string>
#include <string_view>

namespace kinora::ffmpeg {

/// Codecs by FFmpeg's codec name. What is not listed is refused before a byte of it is decoded.
bool is_allowed_video(std::string_view codec);
bool is_allowed_audio(std::string_view codec);

/// For -codec_whitelist: the decoders behind those codecs, and no other.
std::string allowed_decoders();
/// ffprobe opens a decoder for every track, and gives up when it may not: also subtitles, covers and second sounds.
std::string decoders_for_probing();

/// A frame may have this many pixels (8K UHD has 33 million), and sides this long.
inline constexpr long long pixels_max = 36'000'000;
inline constexpr int side_max = 8192;
inline constexpr int channels_max = 24;

}  // namespace kinora::ffmpeg
