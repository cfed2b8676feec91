#pragma once

#include <cstdint>
#include <string_view>

#include "http/head.hpp"
#include "http/reply.hpp"

namespace kinora::http {

/// What a Range header asks of `size_bytes` (RFC 9110 section 14).
struct RangeAnswer {
  enum class Kind : std::uint8_t { whole, part, unsatisfiable };
  Kind kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t last = 0;  ///< included
  friend bool operator==(const RangeAnswer&, const RangeAnswer&) = default;
};

/// Another unit, broken syntax, and several parts that can be answered give the whole, as section 14.2 allows: players ask for
/// one part, and many small ones are how servers are made to work.
RangeAnswer range_of(std::string_view header, std::uint64_t size_bytes);

/// Turns a 200 with a FileBody into 206 when Range and If-Range say so. False when the range lies outside: 416 is due, with
/// `Content-Range: bytes */size`.
bool apply_range(const Head& head, Reply& reply);

}  // namespace kinora::http
