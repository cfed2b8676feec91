#include "modules/media/source_types.hpp"

#include <algorithm>
#include <array>

namespace kinora::media {

namespace {

constexpr SourceType unknown{"application/octet-stream", ""};

/// By FFmpeg's name of the container: with a picture, and of sound alone.
struct Container {
  std::string_view name;
  SourceType video;
  SourceType audio;
};
constexpr auto containers = std::to_array<Container>({
    {"mov", {"video/mp4", ".mp4"}, {"audio/mp4", ".m4a"}},
    {"matroska", {"video/x-matroska", ".mkv"}, {"audio/x-matroska", ".mka"}},
    {"avi", {"video/x-msvideo", ".avi"}, {"video/x-msvideo", ".avi"}},
    {"mpegts", {"video/mp2t", ".ts"}, {"video/mp2t", ".ts"}},
    {"mpeg", {"video/mpeg", ".mpg"}, {"video/mpeg", ".mpg"}},
    {"flv", {"video/x-flv", ".flv"}, {"video/x-flv", ".flv"}},
    {"asf", {"video/x-ms-asf", ".asf"}, {"video/x-ms-asf", ".asf"}},
    {"ogg", {"video/ogg", ".ogv"}, {"audio/ogg", ".ogg"}},
    {"mp3", {"audio/mpeg", ".mp3"}, {"audio/mpeg", ".mp3"}},
    {"aac", {"audio/aac", ".aac"}, {"audio/aac", ".aac"}},
    {"wav", {"audio/wav", ".wav"}, {"audio/wav", ".wav"}},
    {"flac", {"audio/flac", ".flac"}, {"audio/flac", ".flac"}},
});

}  // namespace

SourceType source_type(const std::optional<MediaInfo>& info) {
  if (!info) return unknown;
  const auto* const found = std::ranges::find(containers, std::string_view(info->container), &Container::name);
  if (found == containers.end()) return unknown;
  return info->video ? found->video : found->audio;
}

}  // namespace kinora::media
