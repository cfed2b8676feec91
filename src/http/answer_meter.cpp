#include "http/answer_meter.hpp"

namespace kinora::http {

namespace {

const std::vector<double> bounds_seconds{0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60};

Metrics::Labels labels_of(const RouteSpec* route) {
  if (route == nullptr) return {{"method", "-"}, {"path", "-"}};
  return {{"method", std::string(name_of(route->method))}, {"path", route->path}};
}

}  // namespace

void AnswerMeter::count(const Answered& answered) {
  const auto meters = meters_.with([&](auto& all) {
    auto& found = all[{answered.route, answered.status}];
    if (found.answers == nullptr) found = meters_of(answered.route, answered.status);
    return found;
  });
  meters.answers->add(1);
  meters.seconds->observe(std::chrono::duration<double>(answered.time).count());
  meters.bytes->add(static_cast<double>(answered.sent_bytes));
}

AnswerMeter::Meters AnswerMeter::meters_of(const RouteSpec* route, int status) {
  const auto labels = labels_of(route);
  auto with_status = labels;
  with_status.emplace_back("status", std::to_string(status));
  return {&metrics_.counter("kinora_http_answers_total", "Requests that were answered; 499: the client had gone.", with_status),
          &metrics_.histogram("kinora_http_answer_seconds", "From a request's head to the end of its answer.", labels,
                              bounds_seconds),
          &metrics_.counter("kinora_http_sent_bytes_total", "Bodies of answers.", labels)};
}

}  // namespace kinora::http
