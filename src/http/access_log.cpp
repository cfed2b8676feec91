#include "http/access_log.hpp"

namespace kinora::http {

namespace {

constexpr std::string_view grant = "{grant}";

// Both paths have the same segments up to the grant.
std::string without_grant(std::string_view path, std::size_t grant_start) {
  const auto end = path.find('/', grant_start);
  std::string shown(path.substr(0, grant_start));
  shown += '-';
  if (end != std::string_view::npos) shown += path.substr(end);
  return shown;
}

}  // namespace

std::string logged_path(const RouteSpec* route, std::string_view path) {
  if (route == nullptr) return "-";
  const auto start = route->path.find(grant);
  return start == std::string::npos ? route->path : without_grant(path, start);
}

void log_answer(Log& log, const Answered& answered) {
  const auto path = logged_path(answered.route, answered.head.path());
  const auto user = answered.user.uuid.is_nil() ? std::string() : answered.user.text();
  const std::chrono::duration<double, std::milli> time = answered.time;
  log.info("request answered", {{"method", name_of(answered.head.method())},
                                {"path", std::string_view(path)},
                                {"status", std::int64_t{answered.status}},
                                {"bytes", static_cast<std::int64_t>(answered.sent_bytes)},
                                {"ms", time.count()},
                                {"request_id", std::string_view(answered.head.request_id)},
                                {"traceparent", answered.head.traceparent()},
                                {"user", std::string_view(user)}});
}

}  // namespace kinora::http
