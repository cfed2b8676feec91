#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/task.hpp"

namespace kinora {

using Vector = std::vector<float>;

enum class EmbeddingRole : std::uint8_t { query, passage };

/// Texts to unit vectors. May be absent as a whole (search is then by words only). Errors: unavailable, timeout, cancelled.
class Embedder {
 public:
  virtual ~Embedder() = default;
  /// Model and dimension are part of the index key.
  virtual std::string model() const = 0;
  virtual std::size_t dimension() const = 0;
  /// One vector per text, in order. Texts over about 400 tokens are cut. Queries go before passages that wait.
  virtual Task<Result<std::vector<Vector>>> embed(EmbeddingRole role, std::vector<std::string> texts) = 0;
};

}  // namespace kinora
