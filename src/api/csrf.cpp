#include "api/csrf.hpp"

namespace kinora::api {

bool is_from_allowed_page(const http::CorsRules& rules, const http::Head& head) {
  if (head.count("Sec-Fetch-Site") > 1 || head.count("Origin") > 1) return false;
  if (head.header("Sec-Fetch-Site") == "same-origin") return true;
  const auto origin = head.header("Origin");
  return origin && http::is_allowed_origin(rules, *origin);
}

}  // namespace kinora::api
