#pragma once

#include <string_view>

namespace kinora::app {

/// The bytes of tests/media/short.mp4, which is a part of the program.
std::string_view demo_talk();

}  // namespace kinora::app
