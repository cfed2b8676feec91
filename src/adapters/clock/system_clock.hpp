#pragma once

#include "ports/clock.hpp"

namespace kinora {

class SystemClock final : public Clock {
 public:
  Time now() const override { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }
};

}  // namespace kinora
