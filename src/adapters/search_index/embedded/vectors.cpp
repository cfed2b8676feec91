#include "adapters/search_index/embedded/vectors.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace kinora::search_vectors {

namespace {

constexpr float fixed_one = 32767;
constexpr float byte_one = 127;

float largest_of(std::span<const float> values) {
  float largest = 0;
  for (const float each : values) largest = std::max(largest, std::abs(each));
  return largest;
}

struct Slots {
  const std::byte* first;
  std::size_t count;
};

[[gnu::always_inline]] inline void scan_slots(Slots slots, std::span<const std::int16_t> query, float scale, float* cosines) {
  const auto* slot = slots.first;
  for (std::size_t i = 0; i < slots.count; ++i, slot += sizeof(float) + query.size()) {
    float slot_scale = 0;
    std::memcpy(&slot_scale, slot, sizeof slot_scale);
    const auto* stored = reinterpret_cast<const std::int8_t*>(slot + sizeof slot_scale);
    std::int32_t sum = 0;
    for (std::size_t k = 0; k < query.size(); ++k) sum += std::int32_t{stored[k]} * query[k];
    cosines[i] = static_cast<float>(sum) * slot_scale * scale;
  }
}

// The same loop for each machine: with AVX2 the compiler multiplies and adds 16 components at once, with AVX-512 32.
#if defined(__x86_64__)
[[gnu::target("avx512bw,avx512vl")]] void scan_avx512(Slots slots, std::span<const std::int16_t> query, float scale,
                                                      float* cosines) {
  scan_slots(slots, query, scale, cosines);
}
[[gnu::target("avx2")]] void scan_avx2(Slots slots, std::span<const std::int16_t> query, float scale, float* cosines) {
  scan_slots(slots, query, scale, cosines);
}
#endif

void scan_best(Slots slots, std::span<const std::int16_t> query, float scale, float* cosines) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return scan_avx512(slots, query, scale, cosines);
  if (__builtin_cpu_supports("avx2")) return scan_avx2(slots, query, scale, cosines);
#endif
  scan_slots(slots, query, scale, cosines);
}

}  // namespace

Bytes fixed_point_of(std::span<const float> unit) {
  Bytes bytes(unit.size() * sizeof(std::int16_t));
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const auto value = static_cast<std::int16_t>(std::lround(std::clamp(unit[i], -1.0F, 1.0F) * fixed_one));
    std::memcpy(bytes.data() + i * sizeof value, &value, sizeof value);
  }
  return bytes;
}

double cosine_of(std::span<const float> unit, std::span<const std::byte> fixed_point) {
  if (fixed_point.size() != unit.size() * sizeof(std::int16_t)) return 0;
  float sum = 0;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    std::int16_t value = 0;
    std::memcpy(&value, fixed_point.data() + i * sizeof value, sizeof value);
    sum += unit[i] * static_cast<float>(value);
  }
  return sum / fixed_one;
}

bool better(const Scored& left, const Scored& right) {
  return left.score != right.score ? left.score > right.score : left.key < right.key;
}

void Best::insert(Scored entry) {
  heap_.push_back(entry);
  std::ranges::push_heap(heap_, better);
  if (heap_.size() <= size_) return;
  std::ranges::pop_heap(heap_, better);
  heap_.pop_back();
}

std::vector<Scored> Best::sorted() && {
  std::ranges::sort(heap_, better);
  return std::move(heap_);
}

ScanQuery::ScanQuery(std::span<const float> unit) {
  const float largest = largest_of(unit);
  const auto sum_max =
      static_cast<float>(std::numeric_limits<std::int32_t>::max()) / (byte_one * static_cast<float>(unit.size() + 1));
  const float one = std::min(sum_max, fixed_one);
  scale_ = largest / one;
  values_.reserve(unit.size());
  for (const float each : unit)
    values_.push_back(largest > 0 ? static_cast<std::int16_t>(std::lround(each / scale_)) : std::int16_t{0});
}

void ScanQuery::scan(const std::byte* first, std::span<float> cosines) const {
  scan_best({first, cosines.size()}, values_, scale_, cosines.data());
}

void write_slot(std::span<const float> unit, std::span<std::byte> slot) {
  const float scale = unit.empty() ? std::numeric_limits<float>::quiet_NaN() : largest_of(unit) / byte_one;
  std::memcpy(slot.data(), &scale, sizeof scale);
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const auto value = scale > 0 ? static_cast<std::int8_t>(std::lround(unit[i] / scale)) : std::int8_t{0};
    slot[sizeof scale + i] = static_cast<std::byte>(value);
  }
}

}  // namespace kinora::search_vectors
