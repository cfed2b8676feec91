#pragma once

#include "api/v1/resources.hpp"

/// Jobs over the wire: lists, cancel, retry, reprocess, and what failed for good.
namespace kinora::api::v1 {

struct JobAnswer {
  JobView job;
};

struct ListJobs {
  struct Query {
    http::Page page;
    http::Optional<http::OneOf<jobs::State>> state;
    http::Optional<Text<1, 100>> kind;
    http::Optional<VideoId> video_id;
  } query;
};
Task<Result<ListView<JobView>>> list_jobs(Services& app, Caller caller, ListJobs ask);
/// As what a request began that was accepted.
Task<Result<http::Accepted<JobAnswer>>> accepted_job(Services& app, Caller caller, JobId id);
Task<Result<http::Accepted<JobAnswer>>> cancel_job(Services& app, Caller caller, OneJob ask);
Task<Result<http::Accepted<JobAnswer>>> retry_job(Services& app, Caller caller, OneJob ask);

struct ReprocessVideo {
  struct Path {
    http::Numbered<VideoId> id;
  } path;
  struct Body {
    http::Optional<http::List<Text<1, 100>, 0, 50>> stages;
  } body;
};
Task<Result<http::Accepted<JobAnswer>>> reprocess_video(Services& app, Caller caller, ReprocessVideo ask);

struct DeadLetterView {
  DeadLetterId id{};
  std::string source;
  std::string kind;
  boost::json::value payload{};
  ErrorView error;
  int attempts = 0;
  std::optional<Time> replayed_at{};
  std::string replay;  ///< the request that has it run again
  Time created_at{};
};
struct ListDeadLetters {
  struct Query {
    http::Page page;
  } query;
};
Task<Result<ListView<DeadLetterView>>> list_dead_letters(Services& app, Caller caller, ListDeadLetters ask);
struct OneDeadLetter {
  struct Path {
    DeadLetterId id;
  } path;
};
Task<Result<http::Accepted<JobAnswer>>> replay_dead_letter(Services& app, Caller caller, OneDeadLetter ask);
Task<Result<http::NoContent>> delete_dead_letter(Services& app, Caller caller, OneDeadLetter ask);
struct ReplayDeadLetters {
  struct Body {
    Text<1, 100> kind;
  } body;
};
Task<Result<http::Accepted<JobAnswer>>> replay_dead_letters(Services& app, Caller caller, ReplayDeadLetters ask);

}  // namespace kinora::api::v1
