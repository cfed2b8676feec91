#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engines/speech/slices.hpp"
#include "engines/speech/words.hpp"

struct whisper_context;
struct whisper_state;
struct whisper_vad_context;

namespace kinora::speech {

/// Turns the engine's own log off, except for its errors, which go to stderr.
void quieten_engine();

/// The recogniser's code for a language told as a BCP 47 tag: en for en-GB; empty when it knows none.
std::string known_language(std::string_view tag);

/// Tells a voice from everything else: Silero's detector. One thread at a time.
class VoiceDetector {
 public:
  static Result<VoiceDetector> open(const std::string& weights);
  /// Stretches of speech in samples from the start of `audio`, as find_speech() gives them.
  Result<std::vector<Span>> find(std::span<const float> audio);

 private:
  struct Free {
    void operator()(whisper_vad_context* context) const;
  };
  explicit VoiceDetector(whisper_vad_context* context) : context_(context) {}
  std::unique_ptr<whisper_vad_context, Free> context_;
};

/// The weights, shared by all ears.
class Model {
 public:
  static Result<Model> open(const std::string& weights);
  bool speaks_one_language() const { return !multilingual_; }
  whisper_context* context() const { return context_.get(); }

 private:
  struct Free {
    void operator()(whisper_context* context) const;
  };
  Model(whisper_context* context, bool multilingual) : context_(context), multilingual_(multilingual) {}
  std::unique_ptr<whisper_context, Free> context_;
  bool multilingual_;
};

/// Hears one slice at a time, on one thread: whisper's own threads spin while they wait for each other.
class Ear {
 public:
  /// `model` must outlive it.
  static Result<Ear> open(const Model& model);

  /// ISO 639-1, of up to 30 s of speech.
  Result<std::string> language_of(std::span<const float> audio);
  /// `steps` as encoder_steps() says. Greedy, without the text of earlier slices: a bad one must not poison the next.
  Result<std::vector<Token>> hear(std::span<const float> audio, const std::string& language, int steps);

 private:
  struct Free {
    void operator()(whisper_state* state) const;
  };
  Ear(const Model& model, whisper_state* state) : model_(&model), state_(state) {}
  std::vector<Token> tokens() const;

  const Model* model_;
  std::unique_ptr<whisper_state, Free> state_;
};

}  // namespace kinora::speech
