#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "jobs/job.hpp"
#include "ports/database.hpp"

/// All SQL over the table `jobs`. Every function is, or runs inside, a transaction body.
namespace kinora::jobs {

std::vector<Migration> migrations();

/// Adds the job as queued; when a live job of the same parent holds its unique key, yields that job's id instead.
Task<Result<JobId>> insert_job(Transaction tx, JobId id, NewJob job, Lane lane);
/// Adds a job that no worker claims: it runs until close_group(). The root of a tree.
Task<Result<void>> insert_group(Transaction tx, JobId id, NewJob job);
Task<Result<void>> set_progress(Transaction tx, JobId id, double progress);

struct Claim {
  Lane lane = Lane::light;
  std::string worker;
  std::chrono::milliseconds lease{};
  Time seen_at = Time::max();  ///< when the claimant last knew its own leases to hold: none is taken over that ran out later
};
/// The next job that may run in the lane, with a new fence: first one whose lease ran out, then by priority, and among equals
/// that of the user with the fewest running, then of the one served longest ago.
Task<Result<std::optional<Job>>> claim_job(Transaction tx, Claim claim);

/// Renews the leases of one worker's jobs and stores their progress; yields those it still holds.
struct Beat {
  JobId id{};
  std::int64_t fence = 0;
  double progress = 0;
};
Task<Result<std::vector<JobId>>> renew_leases(Transaction tx, std::vector<Beat> beats, std::chrono::milliseconds lease);

struct Ending {
  State state = State::succeeded;
  std::optional<std::string> result{};
  std::optional<JobError> error{};
  std::chrono::milliseconds delay{0};  ///< until the next attempt, for retry_wait and snoozed
};
Task<Result<void>> end_attempt(Transaction tx, JobId id, Ending ending);
/// Gives jobs back at once, uncounted: a clean stop.
Task<Result<void>> release_jobs(Transaction tx, std::string worker);
/// At start-up: what a dead process of the same name held can be claimed at once. That the server ended is counted by itself,
/// not as an attempt.
Task<Result<void>> expire_leases(Transaction tx, std::string worker);
/// A deleted subject needs no work.
Task<Result<void>> cancel_live(Transaction tx, Subject subject);

/// The job and its children, as far as they are live; yields those.
Task<Result<std::vector<JobId>>> cancel_jobs(Transaction tx, JobId id);
/// A failed or cancelled job waits again, as if it were new.
Task<Result<void>> queue_again(Transaction tx, JobId id);

struct JobQuery {
  std::optional<UserId> user{};  ///< absent: everybody's
  std::optional<Uuid> subject{};
  std::optional<State> state{};
  std::string kind{};  ///< empty: any
  Time before = Time::max();
  JobId before_id{};
  std::int64_t limit = 20;
};
Task<Result<std::vector<Load>>> live_load(Transaction tx);
/// Newest first.
Task<Result<std::vector<Job>>> list_jobs(Transaction tx, JobQuery query);
/// The mean of the last twenty of the kind that succeeded.
Task<Result<std::optional<std::chrono::microseconds>>> usual_time(Transaction tx, std::string kind);

Task<Result<std::optional<Job>>> find_job(Transaction tx, JobId id);

}  // namespace kinora::jobs
