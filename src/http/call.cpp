#include "http/call.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "http/header_values.hpp"

namespace kinora::http {

namespace {

constexpr std::size_t unknown_step = 16 * 1024;  // of a body that does not say how long it is

constexpr std::size_t json_depth_max = 32;

bool is_json_type(std::string_view content_type) {
  const auto type = without_parameters(content_type);
  return same_name(type, "application/json") || (type.starts_with("application/") && type.ends_with("+json"));
}

Result<boost::json::value> parse_body(std::string_view text) {
  if (text.empty()) return boost::json::object();
  auto parsed = parse_json(text, json_depth_max);
  if (!parsed) return fail(ErrorKind::invalid, std::move(parsed.error().message), "malformed");
  return parsed;
}

}  // namespace

Task<Result<std::string>> read_all(BodySource& body, std::optional<std::uint64_t> length, std::size_t bytes_max) {
  const auto too_large = fail(ErrorKind::too_large, "the body is larger than " + std::to_string(bytes_max) + " bytes");
  if (length.value_or(0) > bytes_max) co_return too_large;
  // One byte more than there should be, to meet the end without growing.
  std::string text(length ? static_cast<std::size_t>(*length) + 1 : unknown_step, '\0');
  for (std::size_t filled = 0;;) {
    const auto count = co_await ok(body.read(std::as_writable_bytes(std::span(text)).subspan(filled)));
    filled += count;
    if (filled > bytes_max) co_return too_large;
    if (count == 0) {
      text.resize(filled);
      co_return text;
    }
    if (filled == text.size()) text.resize(filled + unknown_step);
  }
}

Task<Result<const boost::json::value*>> Call::json(std::size_t bytes_max) {
  if (json_) co_return &*json_;
  if (!head_.has_body()) co_return &json_.emplace(boost::json::object());
  const auto type = head_.header("content-type").value_or("");
  if (!is_json_type(type))
    co_return fail(ErrorKind::unsupported, "the body must be application/json, not " + std::string(type.substr(0, 80)));
  const auto text = co_await ok(read_all(body_, head_.content_length(), bytes_max));
  json_ = co_await ok(parse_body(text));
  co_return &*json_;
}

}  // namespace kinora::http
