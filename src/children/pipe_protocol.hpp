#pragma once

#include <cstdio>
#include <string>
#include <string_view>

#include "base/json.hpp"

/// How our own engines talk to the server that started them: one JSON object per line on stdout, nothing else there; words for
/// people on stderr; the order as arguments, or as lines on stdin. The server's end is ChildSpec::on_stdout.
namespace kinora::pipe_protocol {

/// Longer lines are cut by the receiver and then do not parse.
inline constexpr std::size_t line_bytes_max = 1 << 20;

/// Prints at once, so that a line is never half in a buffer when the engine is killed.
inline void say(const boost::json::value& message) {
  const auto line = json_text(message) + '\n';
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

/// What a line says; anything but a JSON object is invalid.
inline Result<boost::json::object> parse_line(std::string_view line) {
  auto message = parse_json(line);
  if (!message) return std::unexpected(std::move(message.error()));
  if (!message->is_object()) return fail(ErrorKind::invalid, "a line of the pipe protocol is an object");
  return std::move(message->as_object());
}

}  // namespace kinora::pipe_protocol
