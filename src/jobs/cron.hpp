#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/log.hpp"
#include "jobs/queue.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"

namespace kinora::jobs {

/// Work that comes round, as module.cpp lists it. Its job gets no arguments.
struct CronEntry {
  std::string name;            ///< for people: media.sweep
  std::chrono::seconds every;  ///< ticks are its multiples since 1970, UTC
  std::string job_kind;
};

/// Adds the job of each entry that is due: once per tick over all nodes and restarts, by the database's clock. Ticks that
/// nobody saw are one run, and no run begins beside one that is not over. Any thread.
class Cron {
 public:
  /// Looks at the clock every `look`, so a run begins at most that late.
  Cron(Queue& queue, Database& database, Clock& clock, Random& random, Log& log, std::chrono::milliseconds look = 5s)
      : queue_(queue), database_(database), clock_(clock), random_(random), log_(log), look_(look) {}

  /// Before run().
  void add(std::vector<CronEntry> entries);

  /// Until its fiber is stopped.
  Task<void> run();

 private:
  Task<void> add_due();

  Queue& queue_;
  Database& database_;
  Clock& clock_;
  Random& random_;
  Log& log_;
  std::chrono::milliseconds look_;
  std::vector<CronEntry> entries_;
};

}  // namespace kinora::jobs
