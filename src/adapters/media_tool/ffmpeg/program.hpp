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

/// What one run needs beside its arguments.
struct Run {
  std::filesystem::path scratch;
  LineSink on_line{};  ///< of standard output
  ChildDeadlines deadlines{};
  std::uint64_t memory_bytes = 0;  ///< 0: the profile's
};

/// Starts ffmpeg and ffprobe in the jail and says in one sentence what went wrong; what they said themselves goes to the log.
class Programs {
 public:
  Programs(MediaToolSettings settings, Launcher& launcher, Log& log)
      : settings_(std::move(settings)), launcher_(launcher), log_(log) {}

  /// Errors: invalid (it could not read the file), internal (it crashed), and the launcher's.
  Task<Result<void>> probe(Input input, Arguments options, Run run);
  /// `before` are options of the input, `after` of filters and output. Calls `progress` as time passes in the output.
  Task<Result<void>> convert(Input input, Arguments before, Arguments after, Run run);

  int threads() const { return settings_.threads; }

 private:
  Task<Result<void>> start(std::filesystem::path program, Input input, Arguments arguments, Run run);

  MediaToolSettings settings_;
  Launcher& launcher_;
  Log& log_;
};

/// Follows -progress lines: only an output that gets longer is progress.
LineSink follow(ProgressSink progress, Seconds duration);

}  // namespace kinora::ffmpeg
