#pragma once

#include <map>
#include <utility>

#include "base/metrics.hpp"
#include "base/sync.hpp"
#include "http/access_log.hpp"

namespace kinora::http {

/// Counts answers by route and status, their times and bytes. Any thread.
class AnswerMeter {
 public:
  explicit AnswerMeter(Metrics& metrics) : metrics_(metrics) {}
  void count(const Answered& answered);

 private:
  struct Meters {
    Counter* answers = nullptr;
    Histogram* seconds = nullptr;
    Counter* bytes = nullptr;
  };
  Meters meters_of(const RouteSpec* route, int status);

  Metrics& metrics_;
  Guarded<std::map<std::pair<const RouteSpec*, int>, Meters>> meters_;
};

}  // namespace kinora::http
