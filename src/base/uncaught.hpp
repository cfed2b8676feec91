#pragma once

#include <exception>
#include <string>

#include "base/result.hpp"

namespace kinora {

/// Third parties throw; whatever one thing of ours did when it happened is all that it may cost.
inline Error uncaught(const std::exception& thrown) {
  return {ErrorKind::internal, std::string("an exception was not caught: ") + thrown.what()};
}

}  // namespace kinora
