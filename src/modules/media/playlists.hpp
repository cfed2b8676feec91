#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/recently_used.hpp"
#include "ports/media_tool.hpp"

namespace kinora::media {

/// A rendition as its asset row keeps it: all a playlist needs. Segments are ranges of the blob.
struct RenditionIndex {
  std::string codecs;
  int width = 0;
  int height = 0;
  double frames_per_second = 0;
  std::int64_t peak_bits_per_second = 0;
  std::int64_t average_bits_per_second = 0;
  std::uint64_t init_size = 0;
  std::vector<Rendition::Segment> segments{};
};
RenditionIndex index_of(const Rendition& rendition);

/// By the key of the rendition's blob, whose bytes never change.
using RenditionIndexes = RecentlyUsed<std::shared_ptr<const RenditionIndex>>;

struct Rung {
  std::string quality;  ///< also the folder of its playlist
  RenditionIndex index;
};

/// RFC 8216. FFmpeg's own master playlist states a wrong bandwidth, so both kinds are written here.
/// `captions` are languages; their playlists are captions/{language}.m3u8.
std::string master_playlist(const std::vector<Rung>& rungs, const std::vector<Rung>& sounds,
                            const std::vector<std::string>& captions);
std::string media_playlist(const RenditionIndex& index);
/// The whole file as one segment.
std::string captions_playlist(const std::string& file, Seconds duration);

}  // namespace kinora::media
