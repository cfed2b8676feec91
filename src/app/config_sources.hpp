#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.hpp"

namespace kinora::app {

/// One place that settings come from. Names are in upper case, whatever the place writes.
struct Source {
  std::string name;  ///< for messages: environment, command line, a file's path
  Variables settings;
};

struct FoundSetting {
  std::string name;  ///< the one of its names that was present
  std::string text;
  std::string source;
};

/// What was set, in the strongest source, under the first of `names` present there, directly or through `<name>_FILE`. Errors:
/// invalid (both X and X_FILE, a file that cannot be read); the message is complete.
Result<std::optional<FoundSetting>> find_setting(std::span<const Source> strongest_first,
                                                 std::span<const std::string_view> names);

/// kinora.toml; an absent file is empty. Numbers, words and truth values become text, a list of words a comma list. Errors:
/// invalid (not TOML, a value of another type, a repeated name).
Result<Source> read_config_file(const std::filesystem::path& file);

}  // namespace kinora::app
