#pragma once

#include "jobs/job.hpp"

namespace kinora::jobs {

/// Told how jobs go on, for people who watch them; nothing else follows from it.
class Watcher {
 public:
  virtual ~Watcher() = default;
  /// An attempt has begun; or it has ended, and this is its row as it was committed: never left out. The end of a child tells
  /// of its group too. Any thread; must be quick.
  virtual void on_change(const Job& job) = 0;
  /// A running attempt has got further; at most five times a second for each.
  virtual void on_progress(const Job& job) = 0;
};

}  // namespace kinora::jobs
