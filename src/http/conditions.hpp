#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.hpp"
#include "http/head.hpp"
#include "http/reply.hpp"

namespace kinora::http {

/// Whether a list of entity tags (or `*`) names this one; weakly, as If-None-Match compares (RFC 9110 section 8.8.3.2).
bool names_etag(std::string_view list, std::string_view etag);

/// A GET or HEAD whose answer the client has already becomes 304 without a body.
void apply_conditions(const Head& head, Reply& reply);

/// If-Match against a row's version, whose ETag is `"{version}"`: `stale` when it differs; when it is absent and required,
/// `precondition_required`.
enum class IfMatch : std::uint8_t { optional, required };
Result<void> check_version(const Head& head, std::int64_t version, IfMatch presence);

}  // namespace kinora::http
