#include "http/ranges.hpp"

#include <algorithm>
#include <optional>

#include "base/numbers.hpp"
#include "http/header_values.hpp"

namespace kinora::http {

namespace {

using Kind = RangeAnswer::Kind;

RangeAnswer last_bytes(std::uint64_t count, std::uint64_t size) {
  if (count == 0 || size == 0) return {Kind::unsatisfiable};
  return {Kind::part, size - std::min(count, size), size - 1};
}

// `first-last`, `first-` or `-count`; nothing when it is none of them.
std::optional<RangeAnswer> read_spec(std::string_view spec, std::uint64_t size) {
  const auto dash = spec.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = number_of<std::uint64_t>(spec.substr(0, dash));
  const auto last = number_of<std::uint64_t>(spec.substr(dash + 1));
  const bool has_first = dash > 0;
  const bool has_last = dash + 1 < spec.size();
  if (has_first != first.has_value() || has_last != last.has_value() || (!first && !last)) return std::nullopt;
  if (!first) return last_bytes(*last, size);
  if (last && *last < *first) return std::nullopt;
  if (*first >= size) return RangeAnswer{Kind::unsatisfiable};
  return RangeAnswer{Kind::part, *first, std::min(last.value_or(size - 1), size - 1)};
}

// If-Range holds one strong validator; anything else, dates included, may be old: the whole is right then.
bool range_is_current(const Head& head, const Reply& reply) {
  const auto condition = head.header("if-range");
  if (!condition) return true;
  const auto* etag = find_header(reply.headers, "ETag");
  return etag != nullptr && etag->value == *condition && !condition->starts_with("W/");
}

}  // namespace

RangeAnswer range_of(std::string_view header, std::uint64_t size_bytes) {
  constexpr std::string_view unit = "bytes=";
  if (!same_name(header.substr(0, unit.size()), unit)) return {};
  const auto specs = list_members(header.substr(unit.size()));
  RangeAnswer answer{specs.empty() ? Kind::whole : Kind::unsatisfiable};
  for (const auto spec : specs) {
    const auto one = read_spec(spec, size_bytes);
    if (!one || (one->kind == Kind::part && answer.kind == Kind::part)) return {};
    if (one->kind == Kind::part) answer = *one;
  }
  return answer;
}

bool apply_range(const Head& head, Reply& reply) {
  auto* file = std::get_if<FileBody>(&reply.body);
  const auto wanted = head.header("range");
  if (file == nullptr || !wanted || reply.status != 200 || head.method() != Method::get) return true;
  if (!range_is_current(head, reply)) return true;
  const auto answer = range_of(*wanted, file->size_bytes);
  if (answer.kind != Kind::part) return answer.kind == Kind::whole;
  file->range = {answer.first, answer.last - answer.first + 1};
  reply.status = 206;
  set_header(
      reply.headers, "Content-Range",
      "bytes " + std::to_string(answer.first) + '-' + std::to_string(answer.last) + '/' + std::to_string(file->size_bytes));
  return true;
}

}  // namespace kinora::http
