#pragma once

#include <functional>

#include "http/events.hpp"
#include "http/server.hpp"
#include "http/wire.hpp"

namespace kinora::http {

/// Whether whoever asked for a stream may still have it.
using StillAdmitted = std::function<Task<Result<bool>>()>;

/// Runs the stream's function beside a writer until one of them ends, or until the caller is no longer let in; both have ended
/// when this returns. The head is written already.
Task<Result<void>> write_events(Wire& wire, EventStream& stream, const Limits& limits, StillAdmitted still_admitted);

}  // namespace kinora::http
