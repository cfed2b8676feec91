#pragma once

#include <span>
#include <string>

#include "base/result.hpp"

namespace kinora::speech {

struct Order {
  std::string audio;
  std::string model;
  std::string detector;
  std::string language{};  ///< empty: found in the first speech
  unsigned slots = 1;      ///< slices heard at a time, a thread and about 65 MB each
};

Result<Order> parse_order(std::span<char* const> arguments);

}  // namespace kinora::speech
