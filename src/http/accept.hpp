#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/head.hpp"

namespace kinora::http {

/// The content types of a route's good answers, out of their description for OpenAPI and of what the route says beside it.
/// Empty: files, whose type is the file's, or nothing to read at all.
std::vector<std::string> types_given(const boost::json::object& responses, std::span<const std::string_view> beside);

/// Errors: unsupported (not_acceptable), when the request's Accept allows none of these types. No types, no Accept: all is
/// well.
Result<void> require_acceptable(const Head& head, std::span<const std::string> types);

}  // namespace kinora::http
