#pragma once

#include "http/events.hpp"
#include "http/server.hpp"
#include "http/wire.hpp"

namespace kinora::http {

/// Runs the stream's function beside a writer until one of them ends; both have ended when this returns. The head is written
/// already.
Task<Result<void>> write_events(Wire& wire, EventStream& stream, const Limits& limits);

}  // namespace kinora::http
