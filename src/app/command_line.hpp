#pragma once

#include <span>
#include <string>
#include <string_view>

#include "app/config.hpp"

namespace kinora::app {

inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_wrong_usage = 2;  ///< of the command line or of a setting

/// Another way to run a command.
struct Variant {
  std::string_view flag{};  ///< `--fast`; empty: there is none
  std::string_view description{};
  int (*run)(const Config&) = nullptr;
};

/// What a command must be told, and how it runs then.
struct Argument {
  std::string_view name{};  ///< folder; empty: there is none
  int (*run)(const Config&, const std::string&) = nullptr;
};

struct Command {
  std::string_view name;         ///< one to three words: `serve`, `user setup-link`
  std::string_view description;  ///< empty: for tests, and not told by --help
  int (*run)(const Config&);     ///< yields the exit code; null: by `argument`; without that, by main.cpp
  Variant variant{};
  Argument argument{};
};

/// Finds the command, loads the configuration with the command line's overrides, runs it. Help and version are commands too.
int run_command_line(std::span<const Command> commands, int argc, const char* const* argv, const Variables& environment);

/// Says on standard error what went wrong; yields exit_failure.
int report(const Error& error);

}  // namespace kinora::app
