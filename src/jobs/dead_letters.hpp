#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "jobs/job.hpp"
#include "ports/database.hpp"

/// Jobs that failed for good, for an admin to look at: all SQL over `dead_letters`. Every function is, or runs inside, a
/// transaction body.
namespace kinora {

struct DeadLetterKind {
  static constexpr std::string_view prefix = "ded";
};
using DeadLetterId = Id<DeadLetterKind>;

}  // namespace kinora

namespace kinora::jobs {

struct DeadLetter {
  DeadLetterId id{};   ///< the job's UUID: a job that fails again has the same letter
  std::string source;  ///< job
  std::string kind;
  std::string payload;  ///< JSON: its arguments
  std::string error;    ///< JSON: JobError
  int attempts = 0;
  std::optional<Time> replayed_at{};
  Time created_at{};
};

Task<Result<void>> put_letter(Transaction tx, Job job);
Task<Result<void>> note_replayed(Transaction tx, JobId job);
Task<Result<std::vector<DeadLetter>>> letters_before(Transaction tx, Time created_at, DeadLetterId id, std::int64_t limit);
/// Not replayed yet, oldest first.
Task<Result<std::vector<JobId>>> letters_of_kind(Transaction tx, std::string kind, std::int64_t limit);
/// False when there is none.
Task<Result<bool>> delete_letter(Transaction tx, DeadLetterId id);

}  // namespace kinora::jobs
