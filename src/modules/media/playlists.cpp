#include "modules/media/playlists.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace kinora::media {

namespace {

constexpr std::string_view sound_group = "sound";
constexpr std::string_view captions_group = "captions";

std::string sound_line(const Rung& sound) {
  return fmt::format("#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"{}\",NAME=\"{}\",DEFAULT=YES,AUTOSELECT=YES,URI=\"{}/index.m3u8\"\n",
                     sound_group, sound.quality, sound.quality);
}

std::string captions_line(const std::string& language) {
  return fmt::format(
      "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"{0}\",NAME=\"{1}\",LANGUAGE=\"{1}\",DEFAULT=NO,AUTOSELECT=YES,"
      "URI=\"captions/{1}.m3u8\"\n",
      captions_group, language);
}

std::string picture_lines(const Rung& rung, const std::vector<Rung>& sounds, bool has_captions) {
  auto peak = rung.index.peak_bits_per_second;
  auto average = rung.index.average_bits_per_second;
  auto codecs = rung.index.codecs;
  if (!sounds.empty()) {
    peak += sounds.front().index.peak_bits_per_second;
    average += sounds.front().index.average_bits_per_second;
    codecs += "," + sounds.front().index.codecs;
  }
  return fmt::format(
      "#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\",RESOLUTION={}x{},FRAME-RATE={:.3f}{}{}\n{}/"
      "index.m3u8\n",
      peak, average, codecs, rung.index.width, rung.index.height, rung.index.frames_per_second,
      sounds.empty() ? "" : fmt::format(",AUDIO=\"{}\"", sound_group),
      has_captions ? fmt::format(",SUBTITLES=\"{}\"", captions_group) : "", rung.quality);
}

}  // namespace

RenditionIndex index_of(const Rendition& rendition) {
  return {.codecs = rendition.codecs,
          .width = rendition.width,
          .height = rendition.height,
          .frames_per_second = rendition.frames_per_second,
          .peak_bits_per_second = rendition.peak_bits_per_second(),
          .average_bits_per_second = rendition.average_bits_per_second(),
          .init_size = rendition.init_size,
          .segments = rendition.segments};
}

std::string master_playlist(const std::vector<Rung>& rungs, const std::vector<Rung>& sounds,
                            const std::vector<std::string>& captions) {
  std::string out = "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-INDEPENDENT-SEGMENTS\n";
  for (const auto& sound : sounds) out += sound_line(sound);
  for (const auto& language : captions) out += captions_line(language);
  for (const auto& rung : rungs) out += picture_lines(rung, sounds, !captions.empty());
  // Sound alone is its own variant: there is no picture to hang it on.
  if (rungs.empty() && !sounds.empty()) {
    const auto& index = sounds.front().index;
    out += fmt::format("#EXT-X-STREAM-INF:BANDWIDTH={},AVERAGE-BANDWIDTH={},CODECS=\"{}\"\n{}/index.m3u8\n",
                       index.peak_bits_per_second, index.average_bits_per_second, index.codecs, sounds.front().quality);
  }
  return out;
}

std::string media_playlist(const RenditionIndex& index) {
  double longest = 1;
  for (const auto& segment : index.segments) longest = std::max(longest, segment.duration.count());
  auto out = fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{}\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-INDEPENDENT-SEGMENTS\n"
      "#EXT-X-MAP:URI=\"init.mp4\"\n",
      static_cast<int>(std::lround(longest)));
  for (std::size_t at = 0; at < index.segments.size(); ++at)
    out += fmt::format("#EXTINF:{:.6f},\n{}.m4s\n", index.segments[at].duration.count(), at);
  return out + "#EXT-X-ENDLIST\n";
}

std::string captions_playlist(const std::string& file, Seconds duration) {
  return fmt::format(
      "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:{}\n#EXT-X-PLAYLIST-TYPE:VOD\n#EXTINF:{:.6f},\n{}\n#EXT-X-ENDLIST\n",
      static_cast<int>(std::ceil(duration.count())), duration.count(), file);
}

}  // namespace kinora::media
