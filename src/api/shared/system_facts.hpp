#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/caller.hpp"
#include "base/metrics.hpp"
#include "base/task.hpp"

namespace kinora::api {

/// A model that the server works with, or would if it were here.
struct ModelFact {
  std::string use;    ///< transcribe, search, search_english, write
  std::string name;   ///< empty: none is chosen
  std::string place;  ///< local, remote
  bool is_here = false;
};

/// What a server can do, as it was started.
struct SystemFacts {
  std::string role = "all";
  std::string registration = "closed";
  std::vector<ModelFact> models{};
};

/// What the server counts of itself, and who may read it.
struct Watched {
  Metrics* metrics = nullptr;
  std::string token{};  ///< empty: only who asks from this machine
  /// Brings the gauges up to date, before they are read.
  std::function<Task<Result<void>>(Caller)> look{};
};

}  // namespace kinora::api
