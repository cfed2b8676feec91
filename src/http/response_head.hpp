#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "http/head.hpp"
#include "http/reply.hpp"

namespace kinora::http {

/// How an answer is delimited on its connection.
struct Framing {
  bool keep_alive = true;
  bool is_http_1_0 = false;
  bool is_tls = false;
  std::optional<std::uint64_t> content_length{};  ///< absent: the body ends with the connection, or there is none
};

/// Everything up to and with the empty line: the reply's own fields and those that every answer carries. Control
/// characters in values are left out, so that no value can begin a field of its own.
std::string response_head(const Reply& reply, const Head& head, Framing framing, Time now);

/// RFC 9110 section 5.6.7: Sat, 21 Nov 2026 09:00:00 GMT
std::string http_date(Time time);

}  // namespace kinora::http
