#pragma once

#include "base/deadline.hpp"
#include "base/sync.hpp"
#include "http/route.hpp"
#include "http/router.hpp"

namespace kinora::http::testing {

/// An application with one route for each thing the engine does.
struct Shop {
  Event waiting;    ///< set when `wait` or an endless stream runs
  Event cancelled;  ///< set when it was stopped
  std::atomic<std::uint64_t> largest_read_bytes = 0;
  std::atomic<bool> has_deadline = false;  ///< whoever sent the last bytes
};

std::vector<Surface> shop_surface(Shop& shop);

/// The bytes of /api/file, and, 300 times, of /api/stored. /api/shortened promises as many and has one byte less.
inline const std::string file_bytes = [] {
  std::string bytes;
  for (int index = 0; index < 10'000; ++index) bytes += static_cast<char>('a' + index % 26);
  return bytes;
}();

}  // namespace kinora::http::testing
