#pragma once

#include "http/conditions.hpp"

namespace kinora::api {

/// If-Match where it is optional: without it the last writer wins. Errors: stale.
inline Result<void> require_match(const http::Head& head, std::int64_t version) {
  return require_version(version, http::if_match(head));
}

}  // namespace kinora::api
