#pragma once

#include <string>
#include <vector>

#include "base/task.hpp"
#include "ports/embedder.hpp"

namespace kinora {

/// One word of a text and its vector there: the same word in another sentence has another one.
struct WordVector {
  std::string word;
  Vector vector;
};
using WordVectors = std::vector<WordVector>;

/// Texts to vectors of their words, for comparing a question with a sentence word by word (late interaction, Khattab and
/// Zaharia 2020). Meant for some dozens of sentences: it costs what embedding them does. May be absent as a whole. Errors:
/// unavailable, timeout, cancelled. Any thread.
class WordEmbedder {
 public:
  virtual ~WordEmbedder() = default;
  /// Vectors of different models cannot be compared.
  virtual std::string model() const = 0;
  /// The words of each text, in order, unit vectors; what is no word is left out.
  virtual Task<Result<std::vector<WordVectors>>> embed_words(std::vector<std::string> texts) = 0;
  /// Makes ready what takes time to start; whoever is going to ask soon calls it beside other work. Failing, it says nothing.
  virtual Task<void> wake() = 0;
};

}  // namespace kinora
