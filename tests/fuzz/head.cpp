// The head of a request, its address and its query.
#include "http/head.hpp"

#include <algorithm>

#include "http/header_values.hpp"
#include "http/target.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

using http::HeadEnd;

void check_that_cuts_change_nothing(std::string_view input) {
  const auto whole = http::find_head(input, 0);
  Dice dice(input);
  std::size_t seen = 0;
  http::FoundHead found;
  while (found.end == HeadEnd::absent && seen < input.size()) {
    const auto arrived = std::min(input.size(), seen + 1 + dice.draw(40));
    found = http::find_head(input.substr(0, arrived), seen);
    seen = arrived;
  }
  require(found.end == whole.end && found.size_bytes == whole.size_bytes, "a head ends at one place however it arrives");
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char letter) { return letter > 0x20 && letter < 0x7f; });
}

/// Read again in the simplest way: by lines, first come, first served.
void check_fields(std::string_view text, const http::Head& head) {
  std::size_t lengths = 0;
  std::size_t codings = 0;
  text.remove_prefix(std::min(text.find("\r\n") + 2, text.size()));
  while (!text.starts_with("\r\n") && !text.empty()) {
    const auto line = text.substr(0, text.find("\r\n"));
    text.remove_prefix(std::min(line.size() + 2, text.size()));
    const auto name = line.substr(0, line.find(':'));
    lengths += http::same_name(name, "content-length") ? 1 : 0;
    codings += http::same_name(name, "transfer-encoding") ? 1 : 0;
    require(head.header(name).has_value(), "every line of the head is a field");
    require(head.list(name).contains(http::trimmed(line.substr(name.size() + 1))), "a field has the value of its line");
    require(!std::ranges::any_of(line, [](char letter) { return letter == '\n' || letter == '\r' || letter == '\0'; }),
            "no value hides the end of a line");
  }
  require(lengths + codings <= 1, "the length of the body is told once");
  require(head.is_chunked() == (codings == 1) && head.content_length().has_value() == (lengths == 1),
          "the body is framed as the head says");
}

void check_path(std::string_view path) {
  while (!path.empty()) {
    const auto segment = http::decode_segment(take_until(path, '/'));
    if (!segment) continue;
    require(*segment != ".." && *segment != "." && segment->find_first_of(std::string_view("/\0\r\n", 4)) == std::string::npos,
            "a segment of a path names nothing above it");
    require(http::decode_segment(http::percent_encoded(*segment)) == segment, "an encoded segment decodes to itself");
  }
}

void check_query(std::string_view query) {
  const auto pairs = http::decode_query(query);
  if (!pairs) return;
  std::string again;
  for (const auto& [name, value] : *pairs)
    again.append(http::percent_encoded(name)).append("=").append(http::percent_encoded(value)).append("&");
  require(http::decode_query(again) == pairs, "an encoded query decodes to itself");
}

}  // namespace

void check(std::string_view input) {
  check_that_cuts_change_nothing(input);
  const auto found = http::find_head(input, 0);
  if (found.end != HeadEnd::found) return;
  const std::string text(input.substr(0, found.size_bytes));
  const auto head = http::parse_head(text);
  if (!head) return;
  require(is_visible(head->path()) && is_visible(head->query()), "an address is visible ASCII");
  require(head->is_http_1_0 || head->count("host") == 1, "there is one Host");
  require(!head->cookie("session").value_or("").contains(';'), "a cookie ends at its semicolon");
  check_fields(text, *head);
  check_path(head->path());
  check_query(head->query());
}

}  // namespace kinora::fuzz
