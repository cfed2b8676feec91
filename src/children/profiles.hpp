#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string_view>

namespace kinora {

enum class ProfileName : std::uint8_t {
  decode,  ///< parses foreign media: files in its folder, no sockets, no other program
  model,   ///< runs a neural model: as decode, and may listen on UNIX sockets in its folder
};

struct ChildLimits {
  std::uint64_t memory_bytes = 0;  ///< address space
  std::chrono::seconds cpu{0};     ///< of all threads together
  std::uint64_t file_bytes = 0;    ///< of each file it writes
  unsigned open_files = 0;
  int nice = 0;
};

enum class Sockets : std::uint8_t { none, unix_listener };

/// What a kind of child may touch, whatever its job.
struct Profile {
  std::string_view name;
  Sockets sockets;
  ChildLimits limits;
  std::span<const std::string_view> readable;  ///< what any program needs to start; absent ones are passed over
};

const Profile& profile_of(ProfileName name);
const Profile* find_profile(std::string_view name);

}  // namespace kinora
