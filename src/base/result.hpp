#pragma once

#include <chrono>
#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kinora {

/// What went wrong, as the one who handles it needs to know it. Two tables translate kinds at the edges: http/problem.cpp to a
/// status, jobs/outcome.cpp to retry or fail.
enum class ErrorKind : std::uint8_t {
  invalid,      ///< the request breaks a rule; `fields` say where
  unsupported,  ///< understood, but not a kind of media or request we take
  too_large,
  unauthorised,  ///< no, or no longer valid, credentials
  forbidden,
  not_found,  ///< absent, or not the caller's
  conflict,   ///< the state does not allow it
  stale,      ///< the caller's version is not the current one
  expired,
  quota,
  rate_limited,
  unavailable,  ///< a part we need is down or full: try again
  timeout,
  cancelled,
  internal,  ///< a bug of ours
};

std::string_view name_of(ErrorKind kind);

/// One wrong place in a request.
struct FieldError {
  std::string pointer;  ///< RFC 6901, rooted at the part: /body/title
  std::string code;
  std::string message;
};

struct Error {
  ErrorKind kind = ErrorKind::internal;
  std::string message;  ///< what was wrong, with which value, what to do
  std::string code{};   ///< the wire code where the kind alone is too coarse (`not_ready`, `email_taken`)
  std::vector<FieldError> fields{};
  std::chrono::seconds retry_after{};  ///< when to try again, where that is known (rate_limited); zero: it is not
};

/// A value or the reason there is none. Dropping one does not compile.
template <class T>
class [[nodiscard]] Result : public std::expected<T, Error> {
 public:
  using value_type = T;
  using std::expected<T, Error>::expected;
};

inline std::unexpected<Error> fail(ErrorKind kind, std::string message, std::string code = {}) {
  return std::unexpected(Error{kind, std::move(message), std::move(code), {}});
}

}  // namespace kinora
