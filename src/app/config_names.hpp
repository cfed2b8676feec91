#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kinora::app {

/// Names of the contract that this version knows and does not use, with what holds instead.
struct UnservedSettings {
  std::span<const std::string_view> names;
  std::string_view instead;
};

std::span<const UnservedSettings> unserved_settings();

/// Names of services and keys beside AI_PROVIDER, without which they do nothing (see providers.hpp).
std::span<const std::string_view> provider_settings();

/// Names that may be set and are ignored without a word: the contract says so.
std::span<const std::string_view> ignored_settings();

/// The known name that was probably meant; empty when none is near.
std::string_view nearest_name(std::string_view name, std::span<const std::string_view> known);

}  // namespace kinora::app
