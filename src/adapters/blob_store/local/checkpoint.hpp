#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "adapters/blob_store/local/sha256.hpp"
#include "base/encoding.hpp"

namespace kinora {

/// How far an unfinished blob is durable: the state file beside it. Two slots are written in turn, each with its own checksum,
/// so a power cut in the middle of a write leaves the one before.
struct Checkpoint {
  std::uint64_t number = 0;  ///< counts up; its last bit is the slot
  std::uint64_t offset_bytes = 0;
  RunningSha256 hash{};

  static constexpr std::size_t slot_bytes = 4096;  // two sectors never share a tear
  std::uint64_t slot_offset() const { return number % 2 * slot_bytes; }
  Bytes slot() const;
};

/// The newer of the two slots that are whole; the beginning when none is.
Checkpoint latest_checkpoint(std::span<const std::byte> state_file);

}  // namespace kinora
