#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/encoding.hpp"
#include "ports/embedder.hpp"

namespace kinora::search_vectors {

/// A vector in 16-bit fixed point (1.0 = 32767), as the rows of chunks keep it: exact to 1.5e-5 per component.
Bytes fixed_point_of(std::span<const float> unit);
/// The cosine of a unit vector and a stored one; 0 when their dimensions differ.
double cosine_of(std::span<const float> unit, std::span<const std::byte> fixed_point);

struct Scored {
  float score;
  std::uint32_t key;
};
/// The order of a ranking: higher scores first, equal ones by their keys.
bool better(const Scored& left, const Scored& right);

/// The best `size` of many, kept as a heap.
class Best {
 public:
  explicit Best(std::size_t size) : size_(size) { heap_.reserve(size + 1); }

  void offer(float score, std::uint32_t key) {
    if (size_ == 0 || (heap_.size() == size_ && !(score > heap_.front().score))) return;
    insert({score, key});
  }
  std::vector<Scored> sorted() &&;

 private:
  void insert(Scored entry);
  std::size_t size_;
  std::vector<Scored> heap_;
};

/// A query as the scan wants it: 16-bit fixed point, scaled so that no sum of products leaves 32 bits.
class ScanQuery {
 public:
  explicit ScanQuery(std::span<const float> unit);
  std::size_t dimension() const { return values_.size(); }
  /// Approximate cosines of as many slots from `first` on as `cosines` has places.
  void scan(const std::byte* first, std::span<float> cosines) const;

 private:
  std::vector<std::int16_t> values_;
  float scale_;
};

/// How a slot of a vector file is written: a float scale, then one signed byte per component. An empty vector leaves a slot
/// whose cosine is not a number, and so is never a hit.
inline std::size_t slot_size(std::size_t dimension) { return sizeof(float) + dimension; }
void write_slot(std::span<const float> unit, std::span<std::byte> slot);

}  // namespace kinora::search_vectors
