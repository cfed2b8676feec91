#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"

namespace kinora {

/// Called now and then with 0..1 from the thread that watches the child; must be quick.
using ProgressSink = std::function<void(double fraction)>;

struct VideoTrack {
  std::string codec;  ///< FFmpeg's name: h264, hevc, vp9 ...
  std::string profile;
  std::string pixel_format;
  int width = 0;  ///< as shown: rotation applied, sample aspect ratio squared
  int height = 0;
  int coded_width = 0;
  int coded_height = 0;
  int rotation = 0;  ///< clockwise degrees: 0, 90, 180, 270
  double frames_per_second = 0;
  bool variable_frame_rate = false;
  bool interlaced = false;
  bool high_dynamic_range = false;
  bool mirrored = false;         ///< shown as in a mirror, beside its rotation
  bool changes_size = false;     ///< in the middle, as far as its packets tell
  bool has_open_groups = false;  ///< pictures that are shown before their key frame hang on the group before it
  std::int64_t bits_per_second = 0;
  Seconds key_frame_gap_max{0};  ///< 0 when unknown
};

struct AudioTrack {
  std::string codec;
  std::string profile;
  int channels = 0;
  int sample_rate = 0;
  std::string language;      ///< BCP 47, empty when untold
  bool begins_late = false;  ///< after the picture
};

struct MediaInfo {
  std::string container;  ///< FFmpeg's format name, first of the list: mov, matroska, avi ...
  Seconds duration{0};    ///< measured, not only declared
  std::int64_t bits_per_second = 0;
  std::optional<VideoTrack> video{};  ///< the first real picture track; cover art is none
  std::optional<AudioTrack> audio{};
};

/// One rung of the ladder, or the sound, as fragmented MP4 in one file: [0, init_size) is the init segment, then the segments.
struct Rendition {
  struct Segment {
    std::uint64_t offset = 0;
    std::uint64_t size = 0;
    Seconds duration{0};
  };
  std::filesystem::path file;
  std::string codecs;  ///< RFC 6381: avc1.64001f
  int width = 0;
  int height = 0;
  double frames_per_second = 0;
  std::uint64_t init_size = 0;
  std::vector<Segment> segments{};

  std::int64_t peak_bits_per_second() const;     ///< of the fullest segment: HLS BANDWIDTH
  std::int64_t average_bits_per_second() const;  ///< HLS AVERAGE-BANDWIDTH
};

/// How the small pictures of a storyboard lie in their sprite: row by row, one for each interval.
struct StoryboardGrid {
  int columns = 0;
  int tiles = 0;
  int tile_width = 0;
  int tile_height = 0;
  Seconds interval{0};
};
struct Storyboard {
  std::filesystem::path file;  ///< one JPEG
  StoryboardGrid grid;
};

/// Whether the picture can be played everywhere as it is: H.264 up to High, 8-bit 4:2:0, progressive, upright, of one size,
/// closed key frames at most 6 s apart, as far as headers and the first packets tell. Nothing else is copied into the ladder.
bool fits_copy(const MediaInfo& info);

/// The rungs of a source, ascending, named by their shorter side; never above the source. A source below the lowest rung has
/// one rung of its own size.
std::vector<int> ladder_heights(const MediaInfo& info);

/// FFmpeg, each call one or more jailed children. `scratch` is the job's own folder; outputs lie there and are the caller's.
/// Errors: unsupported (a codec or container off the list, no picture and no sound, a frame too large), invalid (damaged),
/// timeout (no progress for 60 s), unavailable (FFmpeg is missing), cancelled.
class MediaTool {
 public:
  virtual ~MediaTool() = default;

  /// Whether probe() would look further at a file that begins with these bytes: not at text, playlists, pictures, archives.
  /// Errors: unsupported.
  virtual Result<void> recognise(std::span<const std::byte> head) const = 0;
  static constexpr std::size_t recognised_bytes = 4096;  ///< how many recognise() wants to see

  virtual Task<Result<MediaInfo>> probe(std::filesystem::path input, std::filesystem::path scratch) = 0;
  /// A JPEG, at most 1280 wide, from the first telling key frame.
  virtual Task<Result<std::filesystem::path>> poster(std::filesystem::path input, MediaInfo info,
                                                     std::filesystem::path scratch) = 0;
  /// At most 100 small pictures in one sprite, over the whole length, one a second or less often; from key frames where there
  /// are enough.
  virtual Task<Result<Storyboard>> storyboard(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch) = 0;
  /// The picture as it is, in segments. Yields unsupported when it turns out that those would not decode alone.
  virtual Task<Result<Rendition>> copied_picture(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch,
                                                 ProgressSink progress) = 0;
  /// The picture once for each height (the ladder's name of its shorter side: 360, 480 ...), ascending and not empty, by one
  /// decode of the source; all are cut at the same frames. Called again with the same scratch it goes on behind the segments
  /// that a call which was stopped has finished.
  virtual Task<Result<std::vector<Rendition>>> encoded_pictures(std::filesystem::path input, MediaInfo info,
                                                                std::vector<int> heights, std::filesystem::path scratch,
                                                                ProgressSink progress) = 0;
  /// Sound only: AAC-LC, at most 2 channels; copied when it is that already.
  virtual Task<Result<Rendition>> audio_rendition(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch,
                                                  ProgressSink progress) = 0;
  /// One plain MP4 of a picture rendition and, if there is one, a sound rendition: copied, its index in front.
  virtual Task<Result<std::filesystem::path>> plain_file(std::filesystem::path picture,
                                                         std::optional<std::filesystem::path> sound,
                                                         std::filesystem::path scratch) = 0;
  /// 16 kHz, mono, 16-bit WAV of the first sound track: what speech to text hears.
  virtual Task<Result<std::filesystem::path>> speech_audio(std::filesystem::path input, MediaInfo info,
                                                           std::filesystem::path scratch, ProgressSink progress) = 0;
};

}  // namespace kinora
