#pragma once

#include <optional>
#include <string_view>

#include "ports/media_tool.hpp"

namespace kinora::media {

struct SourceType {
  std::string_view content_type;
  std::string_view extension;  ///< with its dot; may be empty
};

/// What an uploaded file is, as it was found to be and not as it was called: never a type that a browser would run.
SourceType source_type(const std::optional<MediaInfo>& info);

}  // namespace kinora::media
