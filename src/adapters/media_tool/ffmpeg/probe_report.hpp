#pragma once

#include <string_view>

#include "ports/media_tool.hpp"

namespace kinora::ffmpeg {

/// The entries that read_probe_report() reads, for -show_entries.
std::string_view probed_entries();

/// MediaInfo from ffprobe's JSON, as the file declares it. Errors: unsupported (a codec off the list, a frame too large,
/// neither picture nor sound), invalid (not what ffprobe prints).
Result<MediaInfo> read_probe_report(std::string_view json);

}  // namespace kinora::ffmpeg
