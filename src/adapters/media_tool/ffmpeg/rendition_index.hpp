#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "ports/media_tool.hpp"

namespace kinora::ffmpeg {

/// Fills in init size, segments and codecs of a rendition from what FFmpeg's HLS muxer left: one fragmented MP4 and the media
/// playlist that tells its ranges. Blocks. Yields invalid when they do not tile the file.
Result<Rendition> read_rendition(const std::filesystem::path& file, const std::filesystem::path& playlist);

/// The parts, for tests.
Result<Rendition> read_playlist(std::string_view text, std::uint64_t file_bytes);
/// RFC 6381, of the one track in an init segment; empty when it is neither H.264 nor AAC.
std::string codecs_of(std::span<const std::byte> init_segment);

}  // namespace kinora::ffmpeg
