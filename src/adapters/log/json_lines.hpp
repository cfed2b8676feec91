#pragma once

#include <filesystem>
#include <memory>

#include "base/log.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "ports/clock.hpp"

namespace kinora {

/// Standard error when `file` is empty. A file is kept at 32 MiB or less, with the two before it beside it (`server.1.log`).
struct LogDestination {
  std::filesystem::path file{};
};

/// One JSON object per line: time, level, event, then the fields. What is below `lowest` is dropped; a text above 4 KiB is cut;
/// bytes that are not UTF-8 become U+FFFD, so each line parses. A line is written when write() returns. `clock` outlives the
/// log. Errors: unavailable (the file cannot be written).
Result<std::unique_ptr<Log>> open_log(LogLevel lowest, LogDestination destination, const Clock& clock);

}  // namespace kinora

template <>
struct kinora::Names<kinora::LogLevel> {
  using enum LogLevel;
  static constexpr auto table = std::to_array<std::pair<LogLevel, std::string_view>>(
      {{debug, "debug"}, {info, "info"}, {warning, "warning"}, {error, "error"}});
};
