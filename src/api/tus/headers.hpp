#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "api/shared/intake.hpp"

/// The header fields of tus 1.0.0 (https://tus.io/protocols/resumable-upload). Errors: invalid (malformed), which says which.
namespace kinora::api::tus {

/// Upload-Metadata: keys, each with a value in base64 or none, joined by commas.
struct FileMetadata {
  std::string filename;
  std::string content_type;
  VideoFields video;
};
Result<FileMetadata> parse_metadata(std::string_view value);

/// Upload-Length, Upload-Offset: a number of bytes below 2^63.
Result<std::uint64_t> parse_bytes(std::string_view name, std::string_view value);

/// Upload-Checksum: an algorithm, a blank, the digest in base64.
Result<media::Checksum> parse_checksum(std::string_view value);

}  // namespace kinora::api::tus
