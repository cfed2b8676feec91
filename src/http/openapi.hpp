#pragma once

#include <boost/json/object.hpp>
#include <span>
#include <string_view>

#include "http/route.hpp"

namespace kinora::http {

/// The OpenAPI 3.1 document of one surface, made from its routes: parameters, bodies, answers, declared errors, credentials.
boost::json::object openapi_document(std::string_view title, std::string_view version, std::span<const Route> routes);

}  // namespace kinora::http
