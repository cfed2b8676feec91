#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kinora::http {

/// The number of Unicode code points, or nothing when the bytes are not UTF-8 (overlong forms and surrogates are not).
std::optional<std::size_t> count_code_points(std::string_view text);

/// The value of a hexadecimal digit of either case; -1 for anything else.
int hex_value(char digit);

/// One path segment, percent-decoded once. Refused: a broken escape, an encoded slash, control characters with NUL, invalid
/// UTF-8, and "." and ".." however written.
std::optional<std::string> decode_segment(std::string_view segment);

/// Names and values of a query in their order; '+' is a blank. Nothing when an escape is broken or the bytes are not UTF-8.
using QueryPairs = std::vector<std::pair<std::string, std::string>>;
std::optional<QueryPairs> decode_query(std::string_view query);

/// For building addresses: everything but unreserved characters is escaped, '/' too.
std::string percent_encoded(std::string_view text);

}  // namespace kinora::http
