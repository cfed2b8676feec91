#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace kinora {

/// Which versions of a row may be changed; nothing: whichever it has.
using IfVersion = std::optional<std::vector<std::int64_t>>;

/// For the transaction that changes the row: of two who have read one version, the second comes too late. Errors: stale.
inline Result<void> require_version(std::int64_t version, const IfVersion& wanted) {
  if (!wanted || std::ranges::find(*wanted, version) != wanted->end()) return {};
  return fail(ErrorKind::stale, "it is at version \"" + std::to_string(version) + "\" by now; read it again");
}

}  // namespace kinora
