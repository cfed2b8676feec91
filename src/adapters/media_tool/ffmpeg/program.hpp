#pragma once

#include <string>
#include <vector>

#include "adapters/media_tool/open.hpp"

namespace kinora::ffmpeg {

using Arguments = std::vector<std::string>;

/// One input of one run: the file, and the demuxer that sniff() found.
struct Input {
  std::filesystem::path file;
  std::string demuxer;
};

/// What one run of ffmpeg makes of its inputs.
struct Conversion {
  std::vector<Input> inputs;
  Arguments reading{};               ///< options of each input
  std::string graph{};               ///< -filter_complex; empty: none
  std::vector<Arguments> outputs{};  ///< of each: streams, filters, codecs, format, name
};

/// What one run needs beside its arguments.
struct Run {
  std::filesystem::path scratch;
  LineSink on_line{};  ///< of standard output
  ChildDeadlines deadlines{};
  std::uint64_t memory_bytes = 0;  ///< 0: the profile's
  int nice = 0;                    ///< 0: the profile's
};

/// Starts ffmpeg and ffprobe in the jail and says in one sentence what went wrong; what they said themselves goes to the log.
class Programs {
 public:
  Programs(MediaToolSettings settings, Launcher& launcher, Log& log)
      : settings_(std::move(settings)), launcher_(launcher), log_(log) {}

  /// Errors: invalid (it could not read the file), internal (it crashed), and the launcher's.
  Task<Result<void>> probe(Input input, Arguments options, Run run);
  Task<Result<void>> convert(Conversion conversion, Run run);

 private:
  Task<Result<void>> start(std::filesystem::path program, std::vector<Input> inputs, Arguments arguments, Run run);

  MediaToolSettings settings_;
  Launcher& launcher_;
  Log& log_;
};

/// Follow -progress lines: only an output that gets longer is progress.
LineSink follow_time(ProgressSink progress, Seconds duration);
/// Of pictures. `before`: frames that lie there from an earlier run.
LineSink follow_frames(ProgressSink progress, std::int64_t before, std::int64_t total);

}  // namespace kinora::ffmpeg
