#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"

/// Renditions in the making lie in the job's scratch folder and grow by whole segments. A run of FFmpeg writes the segments it
/// adds into a file of their own, which goes behind those that are there when the run is over; when it was killed, when the
/// next one begins.
namespace kinora::ffmpeg {

/// Where a run writes what it adds to `rendition`.
std::filesystem::path added_to(const std::filesystem::path& rendition);

/// Before a run: keeps the segments that are whole, `frames` long, and there in every rendition, drops the rest, and yields how
/// many are kept. Blocks.
Result<std::int64_t> keep_whole_segments(std::vector<std::filesystem::path> renditions, std::int64_t frames);

/// After a run: puts what it added behind what was there. Blocks.
Result<void> join_added(std::vector<std::filesystem::path> renditions);

}  // namespace kinora::ffmpeg
