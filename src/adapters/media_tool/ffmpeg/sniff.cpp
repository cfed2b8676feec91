#include "adapters/media_tool/ffmpeg/sniff.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <string_view>

#include "base/encoding.hpp"
#include "ports/media_tool.hpp"

namespace kinora::ffmpeg {

namespace {

using namespace std::string_view_literals;

bool has(std::string_view head, std::size_t at, std::string_view what) {
  return head.size() >= at + what.size() && head.substr(at, what.size()) == what;
}

/// ISO/IEC 14496-12: a file begins with one of these boxes. Still pictures wear the same coat.
bool is_mov(std::string_view head) {
  constexpr std::array boxes = {"ftyp"sv, "moov"sv, "mdat"sv, "free"sv, "skip"sv, "wide"sv, "pnot"sv};
  constexpr std::array still_brands = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "mif1"sv, "avif"sv, "crx "sv};
  if (head.size() < 12 || std::ranges::find(boxes, head.substr(4, 4)) == boxes.end()) return false;
  return head.substr(4, 4) != "ftyp" || std::ranges::find(still_brands, head.substr(8, 4)) == still_brands.end();
}

/// RFC 8794; the DocType is among the first elements.
bool is_matroska(std::string_view head) {
  const auto first = head.substr(0, 128);
  return has(head, 0, "\x1a\x45\xdf\xa3"sv) && (first.contains("webm") || first.contains("matroska"));
}

/// A frame header of MPEG audio layer 3 (ISO/IEC 11172-3, 2.4.2.3) without reserved values, or a tag before it.
bool is_mp3(std::string_view head) {
  if (has(head, 0, "ID3")) return true;
  if (head.size() < 4) return false;
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(head[at]); };
  const bool sync = byte(0) == 0xFF && (byte(1) & 0xE0) == 0xE0;
  const bool version = (byte(1) & 0x18) != 0x08 && (byte(1) & 0x06) == 0x02;
  const bool rates = (byte(2) & 0xF0) != 0xF0 && (byte(2) & 0xF0) != 0 && (byte(2) & 0x0C) != 0x0C;
  return sync && version && rates;
}

/// ADTS, ISO/IEC 13818-7: sync word, layer 0.
bool is_adts(std::string_view head) {
  return head.size() >= 7 && static_cast<unsigned char>(head[0]) == 0xFF &&
         (static_cast<unsigned char>(head[1]) & 0xF6) == 0xF0;
}

std::string_view demuxer_of(std::string_view head) {
  if (is_mov(head)) return "mov";
  if (is_matroska(head)) return "matroska";
  if (has(head, 0, "RIFF") && has(head, 8, "AVI ")) return "avi";
  if ((has(head, 0, "RIFF") || has(head, 0, "RF64")) && has(head, 8, "WAVE")) return "wav";
  if (has(head, 0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c"sv)) return "asf";
  if (has(head, 0, "FLV\x01"sv)) return "flv";
  if (has(head, 0, "OggS")) return "ogg";
  if (has(head, 0, "fLaC")) return "flac";
  if (is_mp3(head)) return "mp3";
  if (is_adts(head)) return "aac";
  return {};
}

}  // namespace

Result<std::string> sniff(std::span<const std::byte> head) {
  const auto demuxer = demuxer_of(text_of(head));
  if (!demuxer.empty()) return std::string(demuxer);
  return fail(ErrorKind::unsupported,
              "this is no video or audio file of a kind we take: MP4, MOV, MKV, WebM, AVI, WMV, FLV, M4A, "
              "MP3, AAC, WAV, OGG or FLAC");
}

Result<std::string> sniff_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorKind::not_found, "the file to look at is gone");
  std::array<char, MediaTool::recognised_bytes> head{};
  file.read(head.data(), head.size());
  return sniff(bytes_of({head.data(), static_cast<std::size_t>(file.gcount())}));
}

}  // namespace kinora::ffmpeg
