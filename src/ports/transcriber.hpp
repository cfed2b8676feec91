#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/task.hpp"
#include "base/time.hpp"
#include "ports/media_tool.hpp"

namespace kinora {

/// The base truth of everything said: captions, chapters, chunks, citations and cuts all point at words.
struct Word {
  Seconds start{0};
  Seconds end{0};
  std::string text;       ///< with its punctuation, without spaces, NFC
  double confidence = 0;  ///< 0..1
  friend bool operator==(const Word&, const Word&) = default;
};

/// What was said, in order. Times are monotone and inside the recording.
struct Transcription {
  std::string language;  ///< ISO 639-1; empty when nothing was said
  std::string model;     ///< name and hash of the weights
  std::vector<Word> words{};
  /// Indexes into words at which a new sentence or breath group begins; the first is 0.
  std::vector<std::size_t> segment_starts{};
};

/// Speech to text. Silence, music and noise yield no words. Errors: unavailable (model or engine missing), invalid (not a
/// 16 kHz mono WAV), timeout, cancelled.
class Transcriber {
 public:
  virtual ~Transcriber() = default;
  /// `language` empty: found once, from the first speech.
  virtual Task<Result<Transcription>> transcribe(std::filesystem::path wav, std::string language, std::filesystem::path scratch,
                                                 ProgressSink progress) = 0;
  /// Part of a stage's input hash.
  virtual std::string model() const = 0;
};

}  // namespace kinora
