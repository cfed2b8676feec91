#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace kinora {

using namespace std::chrono_literals;

/// Wall clock, UTC, in microseconds: what the database keeps (TIME columns). Taken from ports/clock.hpp, never from the system.
using Time = std::chrono::sys_time<std::chrono::microseconds>;

/// A position in, or length of, a recording.
using Seconds = std::chrono::duration<double>;

/// RFC 3339, UTC, milliseconds: 2026-11-21T09:00:00.000Z
std::string rfc3339(Time time);
/// Takes any RFC 3339 offset and 0-9 fraction digits.
Result<Time> parse_rfc3339(std::string_view text);

/// m:ss, or h:mm:ss from one hour: how people name a moment.
std::string clock_face(Seconds position);

}  // namespace kinora
