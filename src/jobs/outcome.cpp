#include "jobs/outcome.hpp"

namespace kinora::jobs {

bool is_of_storage(std::string_view code) { return code == "storage_full" || code == "storage_failed"; }

Outcome outcome_of(Error error) {
  if (is_of_storage(error.code)) return Snooze{storage_pause, std::move(error)};
  switch (error.kind) {
    case ErrorKind::invalid:
    case ErrorKind::unsupported:
    case ErrorKind::too_large:
    case ErrorKind::unauthorised:
    case ErrorKind::forbidden:
    case ErrorKind::not_found:
    case ErrorKind::conflict:
    case ErrorKind::stale:
    case ErrorKind::expired:
    case ErrorKind::quota: return Fail{std::move(error)};
    case ErrorKind::rate_limited:
    case ErrorKind::unavailable:
    case ErrorKind::timeout:
    case ErrorKind::internal: return Retry{std::move(error)};
    case ErrorKind::cancelled: return Cancelled{};
  }
  return Retry{std::move(error)};
}

Outcome with_result(Outcome outcome, std::string json) {
  if (auto* done = std::get_if<Done>(&outcome)) done->result = std::move(json);
  return outcome;
}

}  // namespace kinora::jobs
