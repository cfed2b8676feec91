#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "app/config.hpp"

namespace kinora::app {

enum class Secrecy : std::uint8_t { open, secret };

/// One thing that can be decided: how it is called, and how its text becomes a member of Config.
struct Setting {
  std::array<std::string_view, 2> names;         ///< the first one present wins; the second may be empty
  bool (*read)(std::string_view text, Config&);  ///< false: `text` is no such value
  std::string_view allowed;                      ///< follows the word "give"
  Secrecy secrecy = Secrecy::open;               ///< whether messages may show its text

  std::span<const std::string_view> present_names() const { return std::span(names).first(names[1].empty() ? 1 : 2); }
};

/// KINORA_DATA: tells where the file with the others is.
const Setting& data_setting();
/// Those that the defaults of the rest hang on.
std::span<const Setting> first_settings();
std::span<const Setting> other_settings();

}  // namespace kinora::app
