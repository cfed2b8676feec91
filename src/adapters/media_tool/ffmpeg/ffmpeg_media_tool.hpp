#pragma once

#include "adapters/media_tool/ffmpeg/program.hpp"
#include "adapters/media_tool/ffmpeg/rungs.hpp"

namespace kinora {

/// The ffmpeg and ffprobe programs (5.1 and later), each run in the jail. Any thread.
class FfmpegMediaTool final : public MediaTool {
 public:
  FfmpegMediaTool(MediaToolSettings settings, Launcher& launcher, Pool& files, Log& log)
      : programs_(std::move(settings), launcher, log), files_(files) {}

  Task<Result<MediaInfo>> probe(std::filesystem::path input, std::filesystem::path scratch) override;
  Task<Result<std::filesystem::path>> poster(std::filesystem::path input, MediaInfo info,
                                             std::filesystem::path scratch) override;
  Task<Result<Rendition>> video_rendition(std::filesystem::path input, MediaInfo info, RungRequest rung,
                                          std::filesystem::path scratch, ProgressSink progress) override;
  Task<Result<Rendition>> audio_rendition(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch,
                                          ProgressSink progress) override;
  Task<Result<std::filesystem::path>> speech_audio(std::filesystem::path input, MediaInfo info, std::filesystem::path scratch,
                                                   ProgressSink progress) override;

 private:
  Task<Result<ffmpeg::Input>> look_at(std::filesystem::path input);
  Task<Result<MediaInfo>> read_headers(ffmpeg::Input input, std::filesystem::path scratch);
  Task<Result<MediaInfo>> measure(ffmpeg::Input input, MediaInfo info, std::filesystem::path scratch);
  Task<Result<std::filesystem::path>> take_poster(ffmpeg::Input input, VideoTrack track, ffmpeg::Arguments which,
                                                  std::filesystem::path scratch);
  Task<Result<Rendition>> copy_picture(ffmpeg::Input input, MediaInfo info, std::string name, ffmpeg::Run run);
  Task<Result<Rendition>> encode_picture(ffmpeg::Input input, MediaInfo info, ffmpeg::Size size, std::string name,
                                         ffmpeg::Run run);
  Task<Result<Rendition>> make_rendition(ffmpeg::Input input, std::string name, ffmpeg::Arguments options, ffmpeg::Run run);

  ffmpeg::Programs programs_;
  Pool& files_;
};

}  // namespace kinora
