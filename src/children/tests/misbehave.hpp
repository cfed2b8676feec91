#pragma once

#include <string_view>

namespace kinora::testing {

/// The first argument that makes the test program a child that does what a hostile decoder would.
inline constexpr std::string_view misbehave_command = "misbehave";

/// argv[2] says what; prints what came of it. Returns its exit code.
int misbehave(int argc, char** argv);

}  // namespace kinora::testing
