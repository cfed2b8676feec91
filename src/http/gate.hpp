#pragma once

#include <optional>

#include "base/caller.hpp"
#include "base/task.hpp"
#include "http/head.hpp"
#include "http/header_values.hpp"
#include "http/route.hpp"

namespace kinora::http {

/// Whom the gate let in, and what his answer must carry (rate limits).
struct Admitted {
  Caller caller{};
  Headers headers{};
  /// Refused after all, where the answer must carry headers too: a 429 with its RateLimit fields.
  std::optional<Error> refused{};
};

/// Decides before a byte of the body is read. Any thread.
class Gate {
 public:
  virtual ~Gate() = default;
  virtual Task<Result<Admitted>> admit(const Head& head, const RouteSpec& route) = 0;
  /// Whether a caller that was let in would be still: asked again while a stream of his runs.
  virtual Task<Result<bool>> still_admits(Caller caller) = 0;
};

}  // namespace kinora::http
