#pragma once

#include "http/conditions.hpp"

namespace kinora::api {

/// If-Match where it is needed: what two people write at once must not be lost. Errors: 428.
inline Result<IfVersion> needed_match(const http::Head& head) {
  if (!head.list("if-match").empty()) return http::if_match(head);
  return fail(ErrorKind::invalid, "send If-Match with the ETag of what you have read", "precondition_required");
}

}  // namespace kinora::api
