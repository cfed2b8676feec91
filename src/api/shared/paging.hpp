#pragma once

#include <algorithm>
#include <charconv>
#include <string>
#include <string_view>
#include <utility>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace kinora::api {

/// A place in a list ordered by birth: opaque to clients.
template <class SomeId>
std::string cursor_of(Time created_at, SomeId id) {
  return base64url_of(bytes_of(std::to_string(created_at.time_since_epoch().count()) + ":" + id.canonical()));
}

template <class SomeId>
Result<std::pair<Time, SomeId>> parse_cursor(std::string_view text) {
  const auto bytes = bytes_of_base64url(text.substr(0, 200));
  const std::string plain(bytes ? text_of(*bytes) : std::string_view());
  const auto colon = plain.find(':');
  const auto id = colon == std::string::npos ? std::nullopt : SomeId::parse(plain.substr(colon + 1));
  std::int64_t microseconds = 0;
  const auto [end, code] = std::from_chars(plain.data(), plain.data() + std::min(colon, plain.size()), microseconds);
  if (!id || code != std::errc() || end != plain.data() + colon)
    return fail(ErrorKind::invalid, "this cursor is not from here; begin without one", "malformed");
  return std::pair(Time(std::chrono::microseconds(microseconds)), *id);
}

}  // namespace kinora::api
