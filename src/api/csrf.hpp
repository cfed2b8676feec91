#pragma once

#include "http/cors.hpp"
#include "http/head.hpp"

namespace kinora::api {

/// Whether the browser itself vouches that a page of ours, or of an allowed origin, sent this: `Sec-Fetch-Site: same-origin`,
/// which no page can set, or an `Origin` of the list. Where it does not, only the session's CSRF token does.
bool is_from_allowed_page(const http::CorsRules& rules, const http::Head& head);

}  // namespace kinora::api
