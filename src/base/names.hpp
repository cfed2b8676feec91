#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace kinora {

/// The words of an enum, as the wire and the database write them. Specialise with
/// `static constexpr auto table = std::to_array<std::pair<E, std::string_view>>({{E::a, "a"}, ...})`.
template <class E>
struct Names;

template <class E>
concept Named = requires { Names<E>::table; };

template <Named E>
constexpr std::string_view name_of(E value) {
  for (const auto& [each, name] : Names<E>::table)
    if (each == value) return name;
  return {};
}

template <Named E>
constexpr std::optional<E> parse_name(std::string_view text) {
  for (const auto& [each, name] : Names<E>::table)
    if (name == text) return each;
  return std::nullopt;
}

}  // namespace kinora
