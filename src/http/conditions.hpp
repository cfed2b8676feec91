#pragma once

#include <string_view>

#include "base/versions.hpp"
#include "http/head.hpp"
#include "http/reply.hpp"

namespace kinora::http {

/// Whether a list of entity tags (or `*`) names this one; weakly, as If-None-Match compares (RFC 9110 section 8.8.3.2).
bool names_etag(std::string_view list, std::string_view etag);

/// A GET or HEAD whose answer the client has already becomes 304 without a body.
void apply_conditions(const Head& head, Reply& reply);

/// What If-Match allows of a row whose ETag is `"{version}"`. Absent, or `*`, it allows any; a tag that is no version allows
/// none.
IfVersion if_match(const Head& head);

/// Of a request struct: `match`, what if_match() yields.
struct IfMatch {
  IfVersion versions;
};
/// The same where If-Match is needed, because what two people write at once must not be lost.
struct NeededMatch {
  IfVersion versions;
};
Result<void> read_match(const Head& head, IfMatch& match);
/// Errors: invalid (428: it is missing).
Result<void> read_match(const Head& head, NeededMatch& match);

}  // namespace kinora::http
