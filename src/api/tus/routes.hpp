#pragma once

#include <memory>
#include <vector>

#include "api/services.hpp"
#include "http/problem.hpp"
#include "http/route.hpp"

/// Resumable uploads by tus 1.0.0: creation, with upload, with deferred length, termination, expiration, checksum.
namespace kinora::api::tus {

/// Every route; `app` outlives them.
std::vector<http::Route> routes(Services& app);

/// problem+json with the fields that tus wants on every answer.
std::shared_ptr<const http::ErrorEnvelope> envelope();

}  // namespace kinora::api::tus
