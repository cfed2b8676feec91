#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/media_tool.hpp"

namespace kinora::ffmpeg {

/// One fragment of a fragmented MP4 (ISO/IEC 14496-12, 8.8): a moof box and its mdat.
struct Fragment {
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
  std::uint64_t payload = 0;  ///< where the bytes of its first sample begin
  std::int64_t start = 0;     ///< in ticks, as the file decodes
  std::int64_t duration = 0;
  std::int64_t samples = 0;
  bool begins_with_key = false;

  std::int64_t end() const { return start + duration; }
};

/// A fragmented MP4 of one track, as far as it is whole: a fragment that a killed writer left torn is not listed.
struct FragmentedFile {
  std::string init;  ///< everything before the first fragment
  std::int64_t ticks_per_second = 0;
  std::vector<Fragment> fragments{};

  std::uint64_t whole_bytes() const;
};

/// A file that is absent, or has no whole init segment yet, has no fragments. Blocks.
FragmentedFile read_fragments(const std::filesystem::path& path);

/// A finished rendition: each fragment is a segment. Yields invalid when they do not tile the file, or one begins without a
/// key frame. Blocks.
Result<Rendition> read_rendition(const std::filesystem::path& path);

/// RFC 6381, of the one track in an init segment; empty when it is neither H.264 nor AAC.
std::string codecs_of(std::string_view init);

/// Big-endian, as boxes have it; 0 past the end.
std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size);
/// Up to `size` bytes of an open file.
std::string read_at(std::ifstream& file, std::uint64_t offset, std::uint64_t size);

}  // namespace kinora::ffmpeg
