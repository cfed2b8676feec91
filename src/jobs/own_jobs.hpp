#pragma once

#include <string>
#include <vector>

#include "jobs/cron.hpp"
#include "jobs/worker.hpp"

/// The jobs that this layer itself works on.
namespace kinora::jobs {

class Queue;

/// Removes what is older than it is kept.
struct Sweep {
  static constexpr std::string_view kind = "jobs.sweep";
};

/// Every dead letter of one kind gets another chance.
struct ReplayAll {
  static constexpr std::string_view kind = "jobs.replay_all";
  std::string of;  ///< a kind of job
};

std::vector<CronEntry> cron();
std::vector<WorkerKind> workers(Queue& queue, Database& database);

}  // namespace kinora::jobs
