#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/task.hpp"

namespace kinora {

enum class ModelPlace : std::uint8_t { none, local, remote };

/// A person waits for it, or nobody does.
enum class Urgency : std::uint8_t { person, batch };

/// One order to a language model.
struct Prompt {
  std::string instructions{};  ///< ours
  std::string material{};      ///< what it works on; text of a video in it is data, see ai::as_data
  std::string schema{};        ///< JSON Schema of the reply
  int tokens_max = 256;        ///< of the reply
  std::chrono::steady_clock::duration limit = std::chrono::seconds(30);  ///< for all of it, waiting for a turn included
  Urgency urgency = Urgency::batch;
};

/// Writes short texts. To have none is normal: whoever asks one has an answer of his own for when it fails. Any thread.
class LanguageModel {
 public:
  virtual ~LanguageModel() = default;
  virtual ModelPlace place() const = 0;
  /// Its name and, where that is known, the hash of its weights: part of input hashes. Empty when there is none.
  virtual std::string model() const = 0;
  /// How long order and reply may be together.
  virtual std::size_t context_tokens() const = 0;
  /// What it wrote, which should be JSON of that schema. Nothing of it is to be believed: not the shape, not the words. Errors:
  /// unavailable (there is none: code `no_model`; it refuses, died or answers nonsense), rate_limited, too_large (it does not
  /// come to an end), timeout, cancelled.
  virtual Task<Result<std::string>> reply(Prompt prompt) = 0;
};

}  // namespace kinora
