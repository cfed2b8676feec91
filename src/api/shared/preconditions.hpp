#pragma once

#include <string>

#include "http/head.hpp"

namespace kinora::api {

/// If-Match where it is optional: without it the last writer wins. Errors: stale.
inline Result<void> require_match(const http::Head& head, std::int64_t version) {
  const auto wanted = head.header("If-Match");
  if (!wanted || *wanted == "*" || *wanted == '"' + std::to_string(version) + '"') return {};
  return fail(ErrorKind::stale, "it was changed meanwhile; read it again");
}

}  // namespace kinora::api
