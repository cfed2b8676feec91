#pragma once

#include <functional>
#include <vector>

#include "engines/speech/order.hpp"
#include "engines/speech/recogniser.hpp"
#include "engines/speech/wav_file.hpp"

namespace kinora::speech {

/// What is told while a recording is heard, in the order of time.
struct Telling {
  std::function<void(const std::string& language)> language;
  std::function<void(const std::vector<HeardWord>& words)> words;
  std::function<void(double fraction)> progress;
};

/// Hears a recording from its start to its end, two minutes at a time, so that the first words come after seconds and twelve
/// hours need no more memory than one.
class Listener {
 public:
  static Result<Listener> open(const Order& order);
  Result<void> hear(const WavFile& audio, const Telling& tell);

 private:
  struct Window {
    Span span;                 ///< of the recording
    std::vector<Span> speech;  ///< of the recording
  };

  Listener(Order order, VoiceDetector detector, std::unique_ptr<Model> model, std::vector<Ear> ears)
      : order_(std::move(order)), detector_(std::move(detector)), model_(std::move(model)), ears_(std::move(ears)) {}

  Result<Window> next_window(const WavFile& audio, std::int64_t at);
  Result<void> find_language(const WavFile& audio, const std::vector<Slice>& slices);
  Result<void> hear_slices(const WavFile& audio, const std::vector<Slice>& slices, const Telling& tell);
  Result<std::vector<HeardWord>> hear_slice(Ear& ear, std::span<const float> samples, const Slice& slice) const;
  void tell_words(const std::vector<HeardWord>& words, const Telling& tell);

  Order order_;
  VoiceDetector detector_;
  std::unique_ptr<Model> model_;  // ears point at it
  std::vector<Ear> ears_;
  std::string language_;  ///< of the window that is heard; of the recording once words were
  bool is_language_told_ = false;
};

}  // namespace kinora::speech
