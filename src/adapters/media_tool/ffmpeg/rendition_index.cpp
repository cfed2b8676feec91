#include "adapters/media_tool/ffmpeg/rendition_index.hpp"

#include <fmt/format.h>

#include <charconv>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/encoding.hpp"

namespace kinora::ffmpeg {

namespace {

constexpr std::uint64_t init_bytes_max = 1 << 20;
constexpr std::uint64_t playlist_bytes_max = 16 << 20;

std::string_view take_line(std::string_view& text) {
  const auto end = std::min(text.find('\n'), text.size());
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return line;
}

template <class Number>
std::optional<Number> number_at(std::string_view text) {
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end != text.data() ? std::optional(number) : std::nullopt;
}

struct Range {
  std::uint64_t size;
  std::uint64_t offset;
};

/// size@offset (RFC 8216, 4.3.2.2).
std::optional<Range> range_at(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos) return std::nullopt;
  const auto size = number_at<std::uint64_t>(text);
  const auto offset = number_at<std::uint64_t>(text.substr(at + 1));
  return size && offset ? std::optional(Range{*size, *offset}) : std::nullopt;
}

constexpr std::string_view init_tag = "#EXT-X-MAP:";
constexpr std::string_view duration_tag = "#EXTINF:";
constexpr std::string_view range_tag = "#EXT-X-BYTERANGE:";
constexpr std::string_view range_attribute = "BYTERANGE=\"";

void read_line(Rendition& rendition, Seconds& duration, std::string_view line) {
  if (line.starts_with(init_tag)) {
    const auto at = line.find(range_attribute);
    const auto range = at == std::string_view::npos ? std::nullopt : range_at(line.substr(at + range_attribute.size()));
    if (range && range->offset == 0) rendition.init_size = range->size;
  } else if (line.starts_with(duration_tag)) {
    duration = Seconds(number_at<double>(line.substr(duration_tag.size())).value_or(0));
  } else if (line.starts_with(range_tag)) {
    if (const auto range = range_at(line.substr(range_tag.size())))
      rendition.segments.push_back({range->offset, range->size, duration});
  }
}

bool tiles(const Rendition& rendition, std::uint64_t file_bytes) {
  auto end = rendition.init_size;
  for (const auto& segment : rendition.segments) {
    if (segment.offset != end || segment.size == 0 || segment.size > file_bytes || segment.duration.count() < 0) return false;
    end += segment.size;
  }
  return rendition.init_size > 0 && !rendition.segments.empty() && end == file_bytes;
}

std::string read_up_to(const std::filesystem::path& path, std::uint64_t bytes_max) {
  std::ifstream file(path, std::ios::binary);
  std::error_code code;
  const auto size = std::filesystem::file_size(path, code);
  std::string content(code ? 0 : std::min<std::uint64_t>(size, bytes_max), '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return content;
}

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0;
}

/// ISO/IEC 14496-15: configurationVersion, then profile, compatibility, level.
std::string avc_codec(std::string_view configuration) {
  return fmt::format("avc1.{:02x}{:02x}{:02x}", byte_at(configuration, 1), byte_at(configuration, 2),
                     byte_at(configuration, 3));
}

/// ISO/IEC 14496-1: DecoderSpecificInfo is descriptor 5, its length in up to four bytes of seven bits; then five bits of type.
std::string aac_codec(std::string_view descriptors) {
  auto at = descriptors.find('\x05', 4 + 3 + 15);  // past version, ES_Descriptor and DecoderConfigDescriptor heads
  if (at == std::string_view::npos) return {};
  ++at;
  for (int length_byte = 0; length_byte < 3 && (byte_at(descriptors, at) & 0x80) != 0; ++length_byte) ++at;
  return fmt::format("mp4a.40.{}", byte_at(descriptors, at + 1) >> 3);
}

}  // namespace

Result<Rendition> read_playlist(std::string_view text, std::uint64_t file_bytes) {
  Rendition rendition;
  Seconds duration{0};
  while (!text.empty()) read_line(rendition, duration, take_line(text));
  if (!tiles(rendition, file_bytes)) return fail(ErrorKind::invalid, "the converter made no whole rendition of this file");
  return rendition;
}

std::string codecs_of(std::span<const std::byte> init_segment) {
  const auto bytes = text_of(init_segment);
  if (const auto at = bytes.find("avcC"); at != std::string_view::npos) return avc_codec(bytes.substr(at + 4));
  if (const auto at = bytes.find("esds"); at != std::string_view::npos) return aac_codec(bytes.substr(at + 4));
  return {};
}

Result<Rendition> read_rendition(const std::filesystem::path& file, const std::filesystem::path& playlist) {
  std::error_code code;
  const auto file_bytes = std::filesystem::file_size(file, code);
  if (code) return fail(ErrorKind::invalid, "the converter made nothing of this file");
  auto rendition = read_playlist(read_up_to(playlist, playlist_bytes_max), file_bytes);
  if (!rendition) return rendition;
  rendition->file = file;
  const auto init = read_up_to(file, std::min(rendition->init_size, init_bytes_max));
  rendition->codecs = codecs_of(bytes_of(init));
  return rendition;
}

}  // namespace kinora::ffmpeg
