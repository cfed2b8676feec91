#pragma once

#include <functional>
#include <string>

#include "base/task.hpp"

namespace kinora {

/// One part of the server that can be down. Wiring lists them; readiness fails with the critical ones, without the others the
/// server does less.
struct HealthPart {
  enum class Weight : std::uint8_t { critical, optional };

  std::string name;  ///< database, storage, ffmpeg
  Weight weight = Weight::critical;
  std::function<Task<Result<void>>()> check;  ///< quick: asked at every health request. Its errors name no path.
};

}  // namespace kinora
