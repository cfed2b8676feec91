#include "app/commands/demo_talk.hpp"

#pragma clang diagnostic ignored "-Woverlength-strings"

namespace kinora::app {

namespace {

constexpr char bytes[] =
#include "media/short.mp4.inc"
    ;

}  // namespace

std::string_view demo_talk() { return {bytes, sizeof(bytes) - 1}; }

}  // namespace kinora::app
