#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace kinora::jobs {

/// What a job needs most, and so how many may run at once.
enum class Lane : std::uint8_t { light, encode, inference };

enum class State : std::uint8_t { queued, running, retry_wait, snoozed, succeeded, failed, cancelled };

/// So often may the server end in the middle of a job before it is taken for the reason.
inline constexpr int deaths_max = 10;

/// What a job is about.
struct Subject {
  std::string type;  ///< video, account ...
  Uuid id{};
};

/// What a person may be told about a failure.
struct JobError {
  std::string code;
  std::string message;
};

struct NewJob {
  std::string kind;
  Subject subject;
  std::string args = "{}";       ///< JSON
  std::optional<UserId> user{};  ///< for whom: fairness and visibility
  std::optional<JobId> parent{};
  std::optional<std::string> unique_key{};  ///< at most one live job has it
  int priority = 5;                         ///< 0-10, higher first
  int max_attempts = 3;
};

struct Job {
  JobId id{};
  std::string kind;
  Lane lane = Lane::light;
  State state = State::queued;
  int priority = 0;
  std::string args;
  Subject subject;
  std::optional<UserId> user{};
  std::optional<JobId> parent{};
  int attempts = 0;  ///< begun so far, this one included
  int max_attempts = 0;
  double progress = 0;  ///< 0..1
  std::int64_t fence = 0;
  std::optional<std::string> result{};  ///< JSON
  std::optional<JobError> error{};
  Time scheduled_at{};
  std::optional<Time> started_at{};
  std::optional<Time> finished_at{};
  Time created_at{};
  Time updated_at{};
  std::optional<std::chrono::seconds> eta{};  ///< until it ends, where that can be told; no column
};

/// How many jobs of a lane are in a live state, and since when the first of them may run.
struct Load {
  Lane lane = Lane::light;
  State state = State::queued;
  std::int64_t jobs = 0;
  Time oldest{};
};

inline bool is_live(State state) {
  return state == State::queued || state == State::running || state == State::retry_wait || state == State::snoozed;
}

}  // namespace kinora::jobs

template <>
struct kinora::Names<kinora::jobs::Lane> {
  using enum jobs::Lane;
  static constexpr auto table =
      std::to_array<std::pair<jobs::Lane, std::string_view>>({{light, "light"}, {encode, "encode"}, {inference, "inference"}});
};

template <>
struct kinora::Names<kinora::jobs::State> {
  using enum jobs::State;
  static constexpr auto table = std::to_array<std::pair<jobs::State, std::string_view>>({{queued, "queued"},
                                                                                         {running, "running"},
                                                                                         {retry_wait, "retry_wait"},
                                                                                         {snoozed, "snoozed"},
                                                                                         {succeeded, "succeeded"},
                                                                                         {failed, "failed"},
                                                                                         {cancelled, "cancelled"}});
};
