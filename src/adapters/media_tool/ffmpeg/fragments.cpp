#include "adapters/media_tool/ffmpeg/fragments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

namespace kinora::ffmpeg {

namespace {

constexpr std::uint64_t init_bytes_max = 1 << 20;
constexpr std::uint64_t moof_bytes_max = 16 << 20;
constexpr std::size_t fragments_max = 200'000;
// Of one fragment: six seconds hold a few hundred. Keeps sums of times far from overflow, and a few bytes from hours of adding.
constexpr std::int64_t samples_max = 1 << 20;
constexpr std::uint64_t start_max = std::numeric_limits<std::int64_t>::max() / 2;
constexpr std::uint32_t is_no_key_frame = 0x10000;  // sample_is_non_sync_sample

struct Box {
  std::string_view type;
  std::string_view content;
};

/// The next box of `bytes`, which is cut off their front; nothing when what is left is no box.
std::optional<Box> take_box(std::string_view& bytes) {
  const auto size = number_at(bytes, 0, 4);
  if (size < 8 || size > bytes.size()) return std::nullopt;
  const Box box{bytes.substr(4, 4), bytes.substr(8, size - 8)};
  bytes.remove_prefix(size);
  return box;
}

/// Goes down a path of boxes, the first of each type; empty when there is none.
std::string_view content_of(std::string_view bytes, std::initializer_list<std::string_view> path) {
  for (const auto type : path) {
    std::optional<Box> box;
    do box = take_box(bytes);
    while (box && box->type != type);
    bytes = box ? box->content : std::string_view();
  }
  return bytes;
}

std::int64_t ticks_of(std::string_view init) {
  const auto header = content_of(init, {"moov", "trak", "mdia", "mdhd"});
  const bool wide = number_at(header, 0, 1) == 1;
  return static_cast<std::int64_t>(number_at(header, wide ? 20 : 12, 4));
}

/// What a tfhd box says for samples that say nothing themselves (8.8.7), where the init segment's trex does not hold.
struct Defaults {
  std::uint32_t duration = 0;
  std::uint32_t flags = 0;
};

Defaults defaults_in(std::string_view init, std::string_view header) {
  const auto extends = content_of(init, {"moov", "mvex", "trex"});
  Defaults defaults{static_cast<std::uint32_t>(number_at(extends, 12, 4)),
                    static_cast<std::uint32_t>(number_at(extends, 20, 4))};
  const auto given = number_at(header, 0, 4);
  std::size_t at = 8;
  const auto next = [&](std::uint64_t flag, std::size_t size) {
    const auto place = at;
    if ((given & flag) != 0) at += size;
    return static_cast<std::uint32_t>(number_at(header, place, 4));
  };
  next(0x01, 8);  // base data offset
  next(0x02, 4);  // sample description
  if (const auto duration = next(0x08, 4); (given & 0x08) != 0) defaults.duration = duration;
  next(0x10, 4);  // size
  if (const auto flags = next(0x20, 4); (given & 0x20) != 0) defaults.flags = flags;
  return defaults;
}

/// A trun box (8.8.8): so many samples, each with those of duration, size, flags and composition offset that `given` names.
void read_run(Fragment& fragment, std::string_view run, const Defaults& defaults) {
  const auto given = number_at(run, 0, 4);
  const auto has = [&](std::uint64_t flag) { return (given & flag) != 0 ? std::size_t{4} : std::size_t{0}; };
  const auto count = number_at(run, 4, 4);
  auto at = 8 + has(0x01);
  std::uint32_t first_flags = (given & 0x04) != 0 ? static_cast<std::uint32_t>(number_at(run, at, 4)) : defaults.flags;
  at += has(0x04);
  const auto record = has(0x100) + has(0x200) + has(0x400) + has(0x800);
  if ((given & 0x404) == 0x400) first_flags = static_cast<std::uint32_t>(number_at(run, at + has(0x100) + has(0x200), 4));
  if (fragment.samples == 0) fragment.begins_with_key = (first_flags & is_no_key_frame) == 0;
  const auto samples = fragment.samples + static_cast<std::int64_t>(count);
  if (at + count * record > run.size() || samples > samples_max) return;
  for (std::uint64_t sample = 0; sample < count; ++sample, at += record)
    fragment.duration += (given & 0x100) != 0 ? static_cast<std::int64_t>(number_at(run, at, 4)) : defaults.duration;
  fragment.samples = samples;
}

Fragment read_moof(std::string_view init, std::string_view moof) {
  Fragment fragment;
  auto track = content_of(moof, {"traf"});
  const auto header = content_of(track, {"tfhd"});
  const auto time = content_of(track, {"tfdt"});
  const auto start = number_at(time, 4, number_at(time, 0, 1) == 1 ? 8 : 4);
  fragment.start = static_cast<std::int64_t>(std::min(start, start_max));
  const auto defaults = defaults_in(init, header);
  while (const auto box = take_box(track))
    if (box->type == "trun") read_run(fragment, box->content, defaults);
  return fragment;
}

/// A box of the file itself: where it begins, its type, its size with its head.
struct FileBox {
  std::uint64_t offset = 0;
  std::string type;
  std::uint64_t head = 8;
  std::uint64_t size = 0;
};

std::optional<FileBox> box_at(std::ifstream& file, std::uint64_t offset, std::uint64_t file_bytes) {
  const auto head = read_at(file, offset, 16);
  if (head.size() < 8) return std::nullopt;
  FileBox box{offset, head.substr(4, 4), 8, number_at(head, 0, 4)};
  if (box.size == 1) box.head = 16, box.size = number_at(head, 8, 8);
  const bool whole = box.size >= box.head && box.size <= file_bytes - offset;
  return whole ? std::optional(std::move(box)) : std::nullopt;
}

/// moof and mdat at `offset`.
std::optional<Fragment> fragment_at(std::ifstream& file, const std::string& init, std::uint64_t offset, std::uint64_t bytes) {
  const auto moof = box_at(file, offset, bytes);
  if (!moof || moof->type != "moof" || moof->size > moof_bytes_max) return std::nullopt;
  const auto data = box_at(file, offset + moof->size, bytes);
  if (!data || data->type != "mdat") return std::nullopt;
  const auto content = read_at(file, offset + moof->head, moof->size - moof->head);
  auto fragment = read_moof(init, content);
  fragment.offset = offset;
  fragment.size = moof->size + data->size;
  fragment.payload = data->offset + data->head;
  return fragment;
}

std::string init_of(std::ifstream& file, std::uint64_t file_bytes) {
  std::uint64_t end = 0;
  auto box = box_at(file, 0, file_bytes);
  while (box && box->type != "moof") {
    end += box->size;
    box = box_at(file, end, file_bytes);
  }
  return box && end <= init_bytes_max ? read_at(file, 0, end) : std::string();
}

/// ISO/IEC 14496-15: configurationVersion, then profile, compatibility, level.
std::string avc_codec(std::string_view configuration) { return fmt::format("avc1.{:06x}", number_at(configuration, 1, 3)); }

/// ISO/IEC 14496-1: DecoderSpecificInfo is descriptor 5, its length in up to four bytes of seven bits; then five bits of type.
std::string aac_codec(std::string_view descriptors) {
  auto at = descriptors.find('\x05', 4 + 3 + 15);  // past version, ES_Descriptor and DecoderConfigDescriptor heads
  if (at == std::string_view::npos) return {};
  ++at;
  for (int length_byte = 0; length_byte < 3 && (number_at(descriptors, at, 1) & 0x80) != 0; ++length_byte) ++at;
  return fmt::format("mp4a.40.{}", number_at(descriptors, at + 1, 1) >> 3);
}

bool begin_with_keys(const std::vector<Fragment>& fragments) {
  return std::ranges::all_of(fragments, &Fragment::begins_with_key);
}

}  // namespace

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t end = at + size; at < end; ++at)
    number = number << 8 | (at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U);
  return number;
}

std::string read_at(std::ifstream& file, std::uint64_t offset, std::uint64_t size) {
  std::string content(size, '\0');
  file.clear();
  file.seekg(static_cast<std::streamoff>(offset));
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  return content;
}

std::uint64_t FragmentedFile::whole_bytes() const {
  return fragments.empty() ? 0 : fragments.back().offset + fragments.back().size;
}

FragmentedFile read_fragments(const std::filesystem::path& path) {
  std::error_code code;
  const auto file_bytes = std::filesystem::file_size(path, code);
  if (code) return {};
  std::ifstream file(path, std::ios::binary);
  FragmentedFile read;
  read.init = init_of(file, file_bytes);
  read.ticks_per_second = ticks_of(read.init);
  if (read.init.empty() || read.ticks_per_second == 0) return {};
  auto next = fragment_at(file, read.init, read.init.size(), file_bytes);
  while (next && read.fragments.size() < fragments_max) {
    read.fragments.push_back(*next);
    next = fragment_at(file, read.init, read.whole_bytes(), file_bytes);
  }
  return read;
}

Result<Rendition> read_rendition(const std::filesystem::path& path) {
  const auto read = read_fragments(path);
  std::error_code code;
  const bool whole = !read.fragments.empty() && read.whole_bytes() == std::filesystem::file_size(path, code);
  if (!whole || code || !begin_with_keys(read.fragments))
    return fail(ErrorKind::invalid, "the converter made no whole rendition of this file");
  Rendition rendition{.file = path, .codecs = codecs_of(read.init), .init_size = read.init.size()};
  for (const auto& fragment : read.fragments) {
    const Seconds duration(static_cast<double>(fragment.duration) / static_cast<double>(read.ticks_per_second));
    rendition.segments.push_back({fragment.offset, fragment.size, duration});
  }
  return rendition;
}

std::string codecs_of(std::string_view init) {
  if (const auto at = init.find("avcC"); at != std::string_view::npos) return avc_codec(init.substr(at + 4));
  if (const auto at = init.find("esds"); at != std::string_view::npos) return aac_codec(init.substr(at + 4));
  return {};
}

}  // namespace kinora::ffmpeg
