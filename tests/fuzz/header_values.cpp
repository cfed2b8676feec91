// The values of header fields: ranges, lists, parameters, proxies, and those of tus. A seed is a size, a line's end and a
// value.
#include "http/header_values.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "api/tus/headers.hpp"
#include "base/encoding.hpp"
#include "http/proxies.hpp"
#include "http/ranges.hpp"
#include "http/target.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {
namespace {

using http::RangeAnswer;
using Kind = RangeAnswer::Kind;

std::optional<std::uint64_t> number_of(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size() ? std::optional(number) : std::nullopt;
}

/// RFC 9110, 14.1.2, of `bytes=first-last` with nothing beside it.
std::optional<RangeAnswer> plain_range(std::string_view value, std::uint64_t size) {
  if (!value.starts_with("bytes=")) return std::nullopt;
  value.remove_prefix(6);
  const auto first = number_of(take_until(value, '-'));
  const auto last = number_of(value);
  if (!first || !last || *first > *last) return std::nullopt;
  return *first < size ? RangeAnswer{Kind::part, *first, std::min(*last, size - 1)} : RangeAnswer{Kind::unsatisfiable};
}

void check_range(std::string_view value, std::uint64_t size) {
  const auto answer = http::range_of(value, size);
  if (answer.kind == Kind::part)
    require(answer.first <= answer.last && answer.last < size, "a range lies within its file");
  else
    require(answer.first == 0 && answer.last == 0, "what is no part names none");
  if (const auto plain = plain_range(value, size)) require(answer == *plain, "a plain range is what it says");
}

void check_lists(std::string_view value) {
  for (const auto member : http::list_members(value)) {
    require(!member.empty() && http::trimmed(member) == member, "a member of a list is trimmed and not empty");
    require(http::has_member(value, member), "a list has its members");
  }
  const auto quality = http::wanted(value, "gzip");
  require(quality >= 0 && quality <= 1, "a quality lies between 0 and 1");
  if (const auto parameter = http::parameter(value, "q")) require(parameter->size() <= value.size(), "unquoting adds nothing");
}

void check_proxies(std::string_view value) {
  const auto proxies = http::TrustedProxies::parse("10.0.0.0/8,::1");
  const auto named = http::TrustedProxies::parse(value);
  if (named) named->has("10.1.2.3");
  auto head = http::parse_head("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + std::string(value) + "\r\n\r\n");
  if (!head) return;
  const auto client = http::client_behind(*proxies, {.address = "10.0.0.1"}, *head);
  require(!client.address.empty(), "a client has an address");
  require(http::client_behind(*proxies, {.address = "192.0.2.1"}, *head).address == "192.0.2.1",
          "who is not trusted speaks for himself");
}

std::string base64_of(std::string_view text) {
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  auto coded = base64url_of(bytes_of(text));
  for (auto& digit : coded) digit = digit == '-' ? '+' : digit == '_' ? '/' : digit;
  require(coded.find_first_not_of(digits) == std::string::npos, "base64 has 64 digits");
  return coded.append((4 - coded.size() % 4) % 4, '=');
}

std::string title_of(const api::VideoFields& fields) { return fields.title ? fields.title->value : std::string(); }

void check_metadata(std::string_view value) {
  const auto metadata = api::tus::parse_metadata(value);
  if (!metadata) return;
  require(http::count_code_points(metadata->filename).value_or(256) <= 255, "a file's name is short and UTF-8");
  const auto title = title_of(metadata->video);
  require(http::count_code_points(title).value_or(501) <= 500, "a title is short and UTF-8");
  const auto again = api::tus::parse_metadata("filename " + base64_of(metadata->filename) + ", filetype " +
                                              base64_of(metadata->content_type) + ",title " + base64_of(title));
  require(again && again->filename == metadata->filename && again->content_type == metadata->content_type &&
              title_of(again->video) == title,
          "metadata written again reads the same");
}

void check_tus(std::string_view value) {
  check_metadata(value);
  if (const auto bytes = api::tus::parse_bytes("Upload-Length", value)) {
    require(*bytes < 1ULL << 63 && value.find_first_not_of("0123456789") == std::string_view::npos, "a length is digits");
    require(number_of(value) == *bytes, "a length is the number that was sent");
  }
  if (const auto checksum = api::tus::parse_checksum(value))
    require(checksum->expected.size() == checksum->digest.size_bytes(), "a checksum is as long as its digest");
}

}  // namespace

void check(std::string_view input) {
  const auto size = number_of(take_until(input, '\n')).value_or(1000);
  check_range(input, size);
  check_lists(input);
  check_proxies(input);
  check_tus(input);
}

}  // namespace kinora::fuzz
