#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/numbers.hpp"

/// The texts of settings as values; nothing for a text that is not one.
namespace kinora::app {

template <class T, T lowest, T highest>
std::optional<T> parse_number(std::string_view text) {
  const auto number = number_of<T>(text);
  return number && *number >= lowest && *number <= highest ? number : std::nullopt;
}

/// on, true, yes, 1 or off, false, no, 0; in any case.
std::optional<bool> parse_switch(std::string_view text);

/// 1h, 15m, 7d, 30s, 250ms, 2w; a bare number counts `bare_unit`s. Above zero, at most ten years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text, std::chrono::milliseconds bare_unit);

/// 2GiB, 500MB, 1048576. KiB, MiB, GiB, TiB count by 1024; KB, MB, GB, TB by 1000.
std::optional<std::uint64_t> parse_size(std::string_view text);

/// An IP address as it is written shortest; `localhost` is 127.0.0.1.
std::optional<std::string> parse_address(std::string_view text);

/// http:// or https:// with a host; without the slash at the end.
std::optional<std::string> parse_url(std::string_view text);
/// `scheme://host:port` of such a URL.
std::string origin_of(std::string_view url);
/// Comma separated; each is scheme://host[:port] and no more.
std::optional<std::vector<std::string>> parse_origins(std::string_view text);

/// Absolute; a leading ~/ is not expanded, the shell has done that.
std::optional<std::filesystem::path> parse_path(std::string_view text);

std::string lower_case(std::string_view text);
std::string upper_case(std::string_view text);

}  // namespace kinora::app
