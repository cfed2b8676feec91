#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>

#include "base/result.hpp"

namespace kinora::ffmpeg {

/// The FFmpeg demuxer for a file, told from its first bytes, never from its name. Everything off the list yields unsupported:
/// above all playlists, concat scripts, SDP, images and text, which make FFmpeg open other files (CVE-2016-1897,
/// CVE-2023-6602).
Result<std::string> sniff(std::span<const std::byte> head);

/// The same for a file on disk. Blocks.
Result<std::string> sniff_file(const std::filesystem::path& path);

}  // namespace kinora::ffmpeg
