#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"

namespace kinora::testing {

/// How something failed; nothing when it did not.
template <class T>
std::optional<ErrorKind> kind_of(const Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error().kind);
}
template <class T>
std::string code_of(const Result<T>& result) {
  return result ? "no error" : result.error().code;
}

}  // namespace kinora::testing
