// What is looked at before and after FFmpeg: the kind of a file by its first bytes, FFprobe's report and packets, and the boxes
// of what FFmpeg wrote.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "adapters/media_tool/ffmpeg/allow_lists.hpp"
#include "adapters/media_tool/ffmpeg/fragments.hpp"
#include "adapters/media_tool/ffmpeg/packets.hpp"
#include "adapters/media_tool/ffmpeg/probe_report.hpp"
#include "adapters/media_tool/ffmpeg/sniff.hpp"
#include "base/encoding.hpp"
#include "ports/media_tool.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

void check_sniff(std::string_view input) {
  const auto head = input.substr(0, MediaTool::recognised_bytes);
  const auto demuxer = ffmpeg::sniff(bytes_of(head));
  if (!demuxer) return;
  constexpr std::array<std::string_view, 10> known = {"mov", "matroska", "avi",  "wav", "asf",
                                                      "flv", "ogg",      "flac", "mp3", "aac"};
  require(std::ranges::find(known, *demuxer) != known.end(), "only these demuxers are ever chosen");
  for (const std::string_view text :
       {"#EXTM3U\n", "ffconcat version", "<?xml version", "v=0\r\no=", "[playlist]", "\x89PNG\r\n\x1a\n"})
    require(!head.starts_with(text), "what names other files is no media");
}

/// A file in memory.
class MemoryFile {
 public:
  explicit MemoryFile(std::string_view bytes) : descriptor_(memfd_create("input", MFD_CLOEXEC)) {
    require(descriptor_ >= 0 && write(descriptor_, bytes.data(), bytes.size()) == std::ssize(bytes), "there is memory");
  }
  MemoryFile(const MemoryFile&) = delete;
  ~MemoryFile() { close(descriptor_); }
  std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_;
};

void check_boxes(std::string_view input) {
  const MemoryFile file(input);
  const auto read = ffmpeg::read_fragments(file.path());
  auto end = static_cast<std::uint64_t>(read.init.size());
  for (const auto& fragment : read.fragments) {
    require(fragment.offset == end && fragment.size > 0, "fragments follow each other");
    require(fragment.payload > fragment.offset && fragment.payload <= fragment.offset + fragment.size,
            "samples lie in their fragment");
    require(fragment.start >= 0 && fragment.end() >= fragment.start && fragment.samples >= 0, "time goes forward");
    end += fragment.size;
  }
  require(end <= input.size() && (read.fragments.empty() || end == read.whole_bytes()), "fragments lie within the file");
  const auto rendition = ffmpeg::read_rendition(file.path());
  require(!rendition || rendition->segments.size() == read.fragments.size(), "each fragment is a segment");
}

void check_report(std::string_view input) {
  const auto info = ffmpeg::read_probe_report(input);
  if (!info) return;
  require(info->video || info->audio, "what is taken has a picture or sound");
  require(std::isfinite(info->duration.count()) && info->duration >= Seconds(0), "a duration is a number");
  if (const auto& video = info->video) {
    const auto pixels = static_cast<long long>(video->coded_width) * video->coded_height;
    require(pixels > 0 && pixels <= ffmpeg::pixels_max && ffmpeg::is_allowed_video(video->codec), "a picture keeps the limits");
    require(video->rotation % 90 == 0 && video->rotation >= 0 && video->rotation < 360, "a picture stands on one of its sides");
    require(std::isfinite(video->frames_per_second) && video->frames_per_second >= 0, "a frame rate is a number");
    require(video->width > 0 && video->height > 0, "a picture has a size");
  }
  if (const auto& audio = info->audio) {
    require(audio->channels > 0 && audio->channels <= ffmpeg::channels_max && ffmpeg::is_allowed_audio(audio->codec),
            "sound keeps the limits");
    require(audio->language.empty() || audio->language.size() == 2 || audio->language.size() == 3, "a language is a code");
  }
  ladder_heights(*info);
}

void check_packets(std::string_view input) {
  ffmpeg::PacketScan scan(Seconds(60));
  while (!input.empty()) scan.feed(take_until(input, '\n'));
  require(std::isfinite(scan.measured_duration().count()) && scan.measured_duration() >= Seconds(0), "a length is a number");
  require(scan.key_frame_gap_max() >= Seconds(0), "key frames come one after the other");
  scan.is_variable_frame_rate();
}

}  // namespace

void check(std::string_view input) {
  check_sniff(input);
  check_boxes(input);
  check_report(input);
  check_packets(input);
}

}  // namespace kinora::fuzz
