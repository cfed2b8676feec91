#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "ports/media_tool.hpp"

namespace kinora::media {

enum class Visibility : std::uint8_t { private_, unlisted, public_ };

/// Where a video stands, as people see it; derived from its stages by pipeline.
enum class Status : std::uint8_t { pending, uploading, transcoding, transcribing, summarizing, indexing, ready, failed };

/// What a person says of a new video.
struct NewVideo {
  std::string title{};  ///< empty: from the file's name
  std::string description{};
  Visibility visibility = Visibility::private_;
  std::optional<std::string> language{};
};

struct Video {
  VideoId id{};
  std::int64_t number = 0;
  UserId owner{};
  std::string title;
  std::string description;
  Status status = Status::pending;
  std::optional<std::string> status_message{};
  Visibility visibility = Visibility::private_;
  std::string source_kind;  ///< upload, url, youtube, export
  std::string source_key;   ///< of the source blob
  std::int64_t size_bytes = 0;
  std::optional<Seconds> duration{};
  std::optional<MediaInfo> info{};  ///< once probed
  std::optional<std::string> language{};
  std::vector<std::string> tags{};
  std::int64_t playback_epoch = 1;  ///< rises with every change of who may watch; grants of an older one are void
  std::optional<JobId> root_job{};
  std::optional<Time> processed_at{};
  std::optional<Time> deleted_at{};  ///< gone for people; can be restored for a while
  std::int64_t version = 1;
  Time created_at{};
  Time updated_at{};
};

/// One rung a player can choose.
struct Variant {
  VariantId id{};
  std::string quality;  ///< 360p, 720p ...
  std::string codec;    ///< RFC 6381
  std::string key;
  int width = 0;
  int height = 0;
  double frames_per_second = 0;
  std::int64_t bits_per_second = 0;
  std::int64_t size_bytes = 0;
  Time created_at{};
  bool is_plain_file = false;  ///< key and size are those of its plain MP4, else of its rendition
};

}  // namespace kinora::media

template <>
struct kinora::Names<kinora::media::Visibility> {
  using enum media::Visibility;
  static constexpr auto table = std::to_array<std::pair<media::Visibility, std::string_view>>(
      {{private_, "private"}, {unlisted, "unlisted"}, {public_, "public"}});
};
template <>
struct kinora::Names<kinora::media::Status> {
  using enum media::Status;
  static constexpr auto table = std::to_array<std::pair<media::Status, std::string_view>>({{pending, "pending"},
                                                                                           {uploading, "uploading"},
                                                                                           {transcoding, "transcoding"},
                                                                                           {transcribing, "transcribing"},
                                                                                           {summarizing, "summarizing"},
                                                                                           {indexing, "indexing"},
                                                                                           {ready, "ready"},
                                                                                           {failed, "failed"}});
};
