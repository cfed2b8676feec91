#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace kinora {

/// One thing that is not as it must be, found by looking at all there is (kinora check).
struct Flaw {
  enum class Weight : std::uint8_t {
    passing,  ///< left by a stop or a crash; the next start, or a later job, mends it
    lasting,  ///< nothing mends it
  };

  Weight weight = Weight::lasting;
  std::string what;  ///< a sentence: which thing, how it is
};
using Flaws = std::vector<Flaw>;

}  // namespace kinora
