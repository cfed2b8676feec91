#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engines/speech/wav_file.hpp"

namespace kinora::speech {

/// Samples [start, end) of the recording.
struct Span {
  std::int64_t start = 0;
  std::int64_t end = 0;
  std::int64_t size() const { return end - start; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// What the recogniser hears at once, and where in it the detector heard a voice.
struct Slice {
  Span audio;
  std::vector<Span> speech;
};

/// Whisper hears 30 s at a time; 2 s less leave room for the padding.
inline constexpr std::int64_t slice_max = 28 * sample_rate;

/// Samples per probability of the voice detector.
inline constexpr std::int64_t detector_step = 512;

/// Stretches of speech in the detector's probabilities: from above 0.5 to below 0.35 for 0.1 s, at least 0.1 s, none longer
/// than slice_max (one that never pauses is cut where the voice is least certain). Sorted, without overlaps.
std::vector<Span> find_speech(std::span<const float> probabilities);

/// Joins stretches of speech with gaps under 1 s into slices of at most 28 s, with up to 0.1 s of air around each. A longer run
/// is cut at the widest pause of its second half: mostly between sentences. `speech` is as find_speech() gives it.
std::vector<Slice> plan_slices(std::span<const Span> speech, std::int64_t samples);

/// How much of the encoder's 30 s window (1500 steps of 20 ms) a slice needs. The encoder's work falls with it; too little
/// makes the decoder loop, hence the margin and the floor. 0 is the whole window.
int encoder_steps(std::int64_t samples);

}  // namespace kinora::speech
