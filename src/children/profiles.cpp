#include "children/profiles.hpp"

#include <array>

namespace kinora {

namespace {

using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr std::uint64_t gibibyte = 1ULL << 30;

// Libraries and their lists; the number of processors; fonts (libass in FFmpeg); its own entry of /proc. Nothing of /home,
// /root, /var, /run or other processes.
constexpr auto system_files = std::to_array<std::string_view>({
    "/usr/lib"sv,
    "/usr/lib64"sv,
    "/usr/local/lib"sv,
    "/usr/share/fonts"sv,
    "/usr/share/locale"sv,
    "/lib"sv,
    "/lib64"sv,
    "/etc/ld.so.cache"sv,
    "/etc/alternatives"sv,
    "/etc/fonts"sv,
    "/sys/devices/system/cpu"sv,
    "/proc/cpuinfo"sv,
    "/proc/meminfo"sv,
    "/proc/self"sv,
    "/dev/urandom"sv,
    "/dev/null"sv,
});

constexpr auto profiles = std::to_array<Profile>({
    {.name = "decode",
     .sockets = Sockets::none,
     .limits = {.memory_bytes = 4 * gibibyte, .cpu = 12h, .file_bytes = 64 * gibibyte, .open_files = 256, .nice = 15},
     .readable = system_files},
    {.name = "model",
     .sockets = Sockets::unix_listener,
     .limits = {.memory_bytes = 16 * gibibyte, .cpu = 24h * 365, .file_bytes = 4 * gibibyte, .open_files = 256, .nice = 10},
     .readable = system_files},
});

}  // namespace

const Profile& profile_of(ProfileName name) { return profiles[static_cast<std::size_t>(name)]; }

const Profile* find_profile(std::string_view name) {
  for (const auto& profile : profiles)
    if (profile.name == name) return &profile;
  return nullptr;
}

}  // namespace kinora
