#include "http/events.hpp"

namespace kinora::http {

namespace {

void append_field(std::string& frame, std::string_view name, std::string_view value) {
  frame += name;
  frame += ": ";
  for (const char letter : value)
    if (letter != '\n' && letter != '\r' && letter != '\0') frame += letter;
  frame += '\n';
}

// One field per line; LF, CR and CRLF all end a line for the reader.
void append_data(std::string& frame, std::string_view text) {
  while (true) {
    const auto end = text.find_first_of("\r\n");
    append_field(frame, "data", text.substr(0, end));
    if (end == std::string_view::npos) return;
    text.remove_prefix(text.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
}

}  // namespace

std::string frame_of(const ServerEvent& event) {
  std::string frame;
  frame.reserve(event.data.size() + event.event.size() + 64);
  if (event.id) append_field(frame, "id", *event.id);
  if (!event.event.empty()) append_field(frame, "event", event.event);
  if (!event.event.empty() || !event.data.empty()) append_data(frame, event.data);
  frame += '\n';
  return frame;
}

}  // namespace kinora::http
