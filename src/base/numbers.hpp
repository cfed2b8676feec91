#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace kinora {

/// The whole text as a number, as std::from_chars reads it: no blanks, no plus, no thousands. Nothing for any other text and
/// for what Number cannot hold.
template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number{};
  const auto* end = text.data() + text.size();
  const auto [read_to, code] = std::from_chars(text.data(), end, number);
  return code == std::errc() && read_to == end ? std::optional(number) : std::nullopt;
}

}  // namespace kinora
