#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kinora {

enum class Dialect : std::uint8_t { sqlite, postgresql };

/// Portable SQL as one engine takes it: type words and named fragments replaced, `$1` as the engine writes it. Literals, quoted
/// names and comments stay as they are; so do words that start with @ and are none of ours.
std::string expand(Dialect dialect, std::string_view portable);

/// The statements of a migration step, in order, without empty ones. The portable subset has no bodies in which `;` means
/// something else.
std::vector<std::string> split_statements(std::string_view script);

}  // namespace kinora
