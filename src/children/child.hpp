#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "children/profiles.hpp"

namespace kinora {

/// What a line of output tells the watchdog.
enum class Beat : std::uint8_t { progress, none };

/// Called for each line of a child's output, without its newline, cut at `line_bytes_max`, on the fiber's executor; never two
/// at once. Must be quick.
using LineSink = std::function<Beat(std::string_view line)>;

/// One program to run in a jail.
///
/// Files outside `scratch` are handed over as descriptors: an argument that equals an entry of `readable` reaches the program
/// as /proc/self/fd/<n>. So the child may read a file whose folders it could not enter, and learns nothing from its name.
/// The program starts inside `scratch` and names its outputs relative to it.
struct ChildSpec {
  std::filesystem::path program;         ///< absolute; /proc/self/exe is kinora itself
  std::vector<std::string> arguments{};  ///< without the program's own name
  ProfileName profile = ProfileName::decode;
  std::vector<std::filesystem::path> readable{};  ///< absolute: input files, or whole folders (libraries, weights)
  std::filesystem::path scratch;                  ///< absolute, exists: the only place the child may write
  std::vector<std::string> environment{};         ///< NAME=value; nothing else but LANG, HOME and TMPDIR is set
  ChildLimits limits{};                           ///< where 0, the profile's
  std::string standard_input{};                   ///< written, then closed
  LineSink on_stdout{};
  LineSink on_stderr{};
  std::size_t line_bytes_max = 64 << 10;
  std::uint64_t output_bytes_max = 256 << 20;  ///< of both streams; more kills it
};

struct ChildDeadlines {
  std::chrono::steady_clock::duration wall_clock = std::chrono::hours(6);
  /// From start, or from the last line for which a sink said Beat::progress; without a sink every line counts.
  std::chrono::steady_clock::duration no_progress = std::chrono::seconds(60);

  static constexpr auto never = std::chrono::steady_clock::duration::max();
};

/// How a child ended.
struct ChildExit {
  int code = 0;               ///< of exit(); -1 when a signal ended it
  int signal = 0;             ///< 0 unless a signal ended it
  std::string stdout_tail{};  ///< the last 16 KiB
  std::string stderr_tail{};
  std::chrono::microseconds cpu{0};
  std::uint64_t peak_memory_bytes = 0;

  bool succeeded() const { return code == 0 && signal == 0; }
};

}  // namespace kinora
