#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/task.hpp"

namespace kinora {

using Vector = std::vector<float>;

enum class EmbeddingRole : std::uint8_t { query, passage };

/// One word of a text and its vector there: the same word in another sentence has another one.
struct WordVector {
  std::string word;
  Vector vector;
};
using WordVectors = std::vector<WordVector>;

/// Texts to unit vectors. May be absent as a whole (search is then by words only). Errors: unavailable, timeout, cancelled.
class Embedder {
 public:
  virtual ~Embedder() = default;
  /// Model and dimension are part of the index key.
  virtual std::string model() const = 0;
  virtual std::size_t dimension() const = 0;
  /// One vector per text, in order. Texts over about 400 tokens are cut. Queries go before passages that wait.
  virtual Task<Result<std::vector<Vector>>> embed(EmbeddingRole role, std::vector<std::string> texts) = 0;
  /// The words of each text, what is no word left out; for comparing a question with a sentence word by word (late
  /// interaction, Khattab and Zaharia 2020). Meant for some dozens of sentences: it costs what embedding them does.
  virtual Task<Result<std::vector<WordVectors>>> embed_words(std::vector<std::string> texts) = 0;
};

}  // namespace kinora
