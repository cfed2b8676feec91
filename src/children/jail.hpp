#pragma once

#include <string_view>

namespace kinora {

/// The first argument that makes kinora (and a test program) a jail. main() dispatches on it before anything else.
inline constexpr std::string_view jail_command = "jail";

/// How the jail itself ends when it does not become the program; what it says on stderr begins with `jail_says`.
inline constexpr int jail_refused = 125;
inline constexpr int jail_found_no_program = 127;
inline constexpr std::string_view jail_says = "jail: ";

/// Gives up every right this process does not need, then becomes the program it was told. argv[1] is `jail_command`, the rest a
/// JailOrder. Returns only when it could not.
int jail_main(int argc, char** argv);

}  // namespace kinora
