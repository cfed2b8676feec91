#include "adapters/media_tool/ffmpeg/copied.hpp"

#include <algorithm>

namespace kinora::ffmpeg {

namespace {

constexpr Seconds segment_max = 10s;  // one ends at the first key frame after 4 s, and those are at most 6 s apart
constexpr int units_max = 64;
constexpr std::uint64_t parameter_bytes_max = 512;

/// ISO/IEC 14496-10, table 7-1.
constexpr std::uint64_t slice_of_idr = 5;
constexpr std::uint64_t sequence_parameters = 7;

/// The first sample of a fragment, unit by unit, each behind its length (ISO/IEC 14496-15).
bool begins_closed(std::ifstream& file, std::string_view init, std::size_t length_size, const Fragment& fragment) {
  auto at = fragment.payload;
  for (int unit = 0; unit < units_max && at < fragment.offset + fragment.size; ++unit) {
    const auto head = read_at(file, at, length_size + parameter_bytes_max);
    const auto size = number_at(head, 0, length_size);
    const auto type = number_at(head, length_size, 1) & 0x1F;
    if (type == slice_of_idr) return true;
    if (type > 0 && type < slice_of_idr) return false;
    if (type == sequence_parameters && init.find(head.substr(length_size, size)) == std::string_view::npos) return false;
    at += length_size + size;
  }
  return false;
}

}  // namespace

Result<Rendition> read_copied_rendition(const std::filesystem::path& path) {
  const auto read = read_fragments(path);
  auto rendition = read_rendition(path);
  const auto configuration = read.init.find("avcC");
  const auto cannot = [](const char* why) {
    return fail(ErrorKind::unsupported, std::string("this picture cannot be copied: ") + why);
  };
  if (!rendition || configuration == std::string::npos) return cannot("it has no key frames");
  const bool is_short =
      std::ranges::all_of(rendition->segments, [](const auto& segment) { return segment.duration <= segment_max; });
  if (!is_short) return cannot("its key frames are too far apart");
  std::ifstream file(path, std::ios::binary);
  const auto length_size = static_cast<std::size_t>(number_at(read.init, configuration + 4 + 4, 1) & 3) + 1;
  const bool closed = std::ranges::all_of(
      read.fragments, [&](const Fragment& each) { return begins_closed(file, read.init, length_size, each); });
  if (!closed) return cannot("its segments would not decode alone");
  return rendition;
}

}  // namespace kinora::ffmpeg
