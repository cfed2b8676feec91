#pragma once

#include <cstdint>
#include <string>

namespace kinora::app::doctor {

/// What a look at one part of this machine showed.
struct Finding {
  enum class State : std::uint8_t {
    works,
    reduced,  ///< the server runs, without something
    fails,    ///< the server does not start, or takes no video
  };

  State state = State::works;
  std::string part;       ///< "disk"
  std::string seen;       ///< "12 GiB free"
  std::string without{};  ///< what is off because of it; empty when it works
  std::string fix{};
};

}  // namespace kinora::app::doctor
