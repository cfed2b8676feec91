#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>

#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "ports/clock.hpp"

namespace kinora {

/// The only source of randomness; good enough for secrets. Any thread.
class Random {
 public:
  virtual ~Random() = default;
  virtual void fill(std::span<std::byte> bytes) = 0;

  /// A fresh id, born now.
  template <class SomeId>
  SomeId id(const Clock& clock) {
    std::array<std::uint8_t, 10> tail{};
    fill(std::as_writable_bytes(std::span(tail)));
    return {make_uuid7(clock.now(), tail)};
  }
  /// A secret for a link or header: 256 random bits as 43 characters.
  std::string token() {
    std::array<std::byte, 32> bytes{};
    fill(bytes);
    return base64url_of(bytes);
  }
};

}  // namespace kinora
