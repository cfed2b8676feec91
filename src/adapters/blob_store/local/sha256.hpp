#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ports/blob_store.hpp"

namespace kinora {

/// SHA-256 (FIPS 180-4) whose state can be kept, so that a resumed upload is not read again.
class RunningSha256 {
 public:
  RunningSha256();
  void feed(std::span<const std::byte> bytes);
  /// Of all bytes so far; more may follow.
  Sha256 digest() const;

  /// The state as text, for this machine and this library only.
  std::string save() const;
  /// Nothing when the text is not a state after `bytes_fed` bytes.
  static std::optional<RunningSha256> load(std::string_view text, std::uint64_t bytes_fed);

 private:
  alignas(8) std::byte state_[128];
};

}  // namespace kinora
