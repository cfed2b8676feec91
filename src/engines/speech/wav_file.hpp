#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"

namespace kinora::speech {

inline constexpr std::int64_t sample_rate = 16'000;

/// A 16 kHz mono 16-bit PCM WAV, read piece by piece: twelve hours are 1.4 GB.
class WavFile {
 public:
  /// Errors: invalid, with what was found instead.
  static Result<WavFile> open(const std::filesystem::path& path);

  std::int64_t samples() const { return samples_; }
  /// Samples [first, first + count) as -1..1, fewer at the end of the file.
  std::vector<float> read(std::int64_t first, std::int64_t count) const;

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  using File = std::unique_ptr<std::FILE, Close>;
  WavFile(File file, std::int64_t data_offset, std::int64_t samples)
      : file_(std::move(file)), data_offset_(data_offset), samples_(samples) {}

  File file_;
  std::int64_t data_offset_;
  std::int64_t samples_;
};

}  // namespace kinora::speech
