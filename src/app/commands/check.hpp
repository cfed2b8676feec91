#pragma once

#include <functional>
#include <string>
#include <vector>

#include "app/config.hpp"
#include "base/flaw.hpp"
#include "modules/media/media.hpp"

namespace kinora::app {

/// What was found in one part of the data directory.
struct Examined {
  std::string part;
  Flaws flaws;
};

/// Looks at everything in the data directory of a server that is stopped, and changes nothing in it that the server's next
/// start would not. Errors: conflict (a server runs), not_found (there is no data).
Result<std::vector<Examined>> examine_data(const Config& config, media::Depth depth);

/// `kinora check`: one line for each flaw, then how many; exit code 0 when there is none.
int check(const Config& config);
int check_fast(const Config& config);

}  // namespace kinora::app
