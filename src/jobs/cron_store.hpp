#pragma once

#include <optional>
#include <string>

#include "jobs/cron.hpp"
#include "ports/database.hpp"

/// All SQL over `cron_runs` but their removal, which is the sweep's. Every function is, or runs inside, a transaction body.
namespace kinora::jobs {

/// The type of subject of a job that cron added; its id is the run's.
inline constexpr std::string_view cron_subject = "cron";

/// False when the tick of this moment has its run already, or a job with `key` is not over.
Task<Result<bool>> begin_cron_run(Transaction tx, JobId run, CronEntry entry, std::string key);
/// `job` came to its end; nothing when it is not one of cron's.
Task<Result<void>> end_cron_run(Transaction tx, Job job);

struct CronRun {
  std::string name;
  Time due_at{};
  Time started_at{};
  std::optional<Time> finished_at{};
  std::string status;  ///< a job's state
  std::optional<std::string> error{};
};
/// Newest first.
Task<Result<std::vector<CronRun>>> cron_runs_of(Transaction tx, std::string name, std::int64_t limit);

}  // namespace kinora::jobs
