#pragma once

#include "adapters/media_tool/ffmpeg/program.hpp"
#include "adapters/media_tool/ffmpeg/rungs.hpp"

namespace kinora {

/// The ffmpeg and ffprobe programs (5.1 and later), each run in the jail. Any thread.
class FfmpegMediaTool final : public MediaTool {
 public:
  FfmpegMediaTool(MediaToolSettings settings, Launcher& launcher, Pool& files, Log& log)
      : programs_(std::move(settings), launcher, log), files_(files) {}

  Result<void> recognise(std::span<const std::byte> head) const override;
  Task<Result<MediaInfo>> probe(std::filesystem::path input, std::filesystem::path scratch) override;
  Task<Result<std::filesystem::path>> poster(std::filesystem::path input, MediaInfo info,
                                             std::filesystem::path scratch) override;
  Task<Result<Storyboard>> storyboard(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch) override;
  Task<Result<Rendition>> copied_picture(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch,
                                         ProgressSink progress) override;
  Task<Result<std::vector<Rendition>>> encoded_pictures(std::filesystem::path input, MediaInfo info, std::vector<int> heights,
                                                        std::filesystem::path scratch, ProgressSink progress) override;
  Task<Result<Rendition>> audio_rendition(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch,
                                          ProgressSink progress) override;
  Task<Result<std::filesystem::path>> plain_file(std::filesystem::path picture, std::optional<std::filesystem::path> sound,
                                                 std::filesystem::path scratch) override;
  Task<Result<std::filesystem::path>> speech_audio(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch,
                                                   ProgressSink progress) override;

 private:
  /// A rung being encoded.
  struct Rung {
    ffmpeg::Size size;
    std::filesystem::path file;
  };
  static std::vector<Rung> rungs_of(const VideoTrack& track, const std::vector<int>& heights,
                                    const std::filesystem::path& scratch);
  Task<Result<ffmpeg::Input>> look_at(std::filesystem::path input);
  Task<Result<MediaInfo>> read_headers(ffmpeg::Input input, std::filesystem::path scratch);
  Task<Result<MediaInfo>> measure(ffmpeg::Input input, MediaInfo info, std::filesystem::path scratch);
  Task<Result<std::filesystem::path>> take_poster(ffmpeg::Input input, VideoTrack track, ffmpeg::Arguments which,
                                                  std::filesystem::path scratch);
  Task<Result<Storyboard>> take_storyboard(ffmpeg::Input input, MediaInfo info, ffmpeg::Arguments which,
                                           std::filesystem::path scratch);
  Task<Result<void>> try_copy(std::filesystem::path file, ffmpeg::Arguments reading, std::filesystem::path scratch);
  Task<Result<void>> encode(ffmpeg::Input input, MediaInfo info, std::vector<Rung> rungs, std::int64_t segments_there,
                            ffmpeg::Run run);

  ffmpeg::Programs programs_;
  Pool& files_;
};

}  // namespace kinora
