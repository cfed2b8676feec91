#pragma once

#include <filesystem>

#include "base/caller.hpp"
#include "base/metrics.hpp"
#include "base/sync.hpp"
#include "base/task.hpp"
#include "jobs/queue.hpp"

namespace kinora::app {

/// What goes up and down in this process and its queue; looked at when somebody reads metrics. Any thread.
class Readings {
 public:
  /// All outlive this. `data` is the folder whose disk is looked at.
  Readings(Metrics& metrics, jobs::Queue& queue, std::filesystem::path data);
  Task<Result<void>> look(Caller caller);

 private:
  void look_at_process();
  void look_at_disk();
  void show(const std::vector<jobs::Load>& loads);

  Metrics& metrics_;
  jobs::Queue& queue_;
  std::filesystem::path data_;
  Guarded<double> cpu_seconds_;
};

}  // namespace kinora::app
