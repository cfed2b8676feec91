#pragma once

#include "adapters/media_tool/ffmpeg/fragments.hpp"

namespace kinora::ffmpeg {

/// A copied picture as a rendition. What a file's headers and first packets promise is borne out here over its whole length:
/// each segment is at most 10 s, begins with an IDR picture (so its group is closed) and has the parameter sets of the init
/// segment (so its size does not change). Else yields unsupported. Blocks.
Result<Rendition> read_copied_rendition(const std::filesystem::path& path);

}  // namespace kinora::ffmpeg
