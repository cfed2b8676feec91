#include "http/form.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/numbers.hpp"
#include "http/target.hpp"

namespace kinora::http::detail {

namespace {

std::string shown(double value) {
  char digits[32];
  return {std::begin(digits), std::to_chars(std::begin(digits), std::end(digits), value).ptr};
}

using kinora::number_of;

template <class Number>
std::optional<Number> number_of(const boost::json::value& json) {
  boost::system::error_code code;
  const auto value = json.to_number<Number>(code);
  return code ? std::nullopt : std::optional<Number>(value);
}

void read_int_value(Report& report, std::optional<std::int64_t> from, std::int64_t min, std::int64_t max, std::int64_t& into) {
  if (!from)
    report.wrong("type", "must be a whole number");
  else if (*from < min)
    report.wrong("too_small", "must be at least " + std::to_string(min) + ", not " + std::to_string(*from));
  else if (*from > max)
    report.wrong("too_large", "must be at most " + std::to_string(max) + ", not " + std::to_string(*from));
  else
    into = *from;
}

void read_num_value(Report& report, std::optional<double> from, double min, double max, double& into) {
  if (!from || !std::isfinite(*from))
    report.wrong("type", "must be a number");
  else if (*from < min)
    report.wrong("too_small", "must be at least " + shown(min) + ", not " + shown(*from));
  else if (*from > max)
    report.wrong("too_large", "must be at most " + shown(max) + ", not " + shown(*from));
  else
    into = *from;
}

}  // namespace

void read_text(Report& report, std::string_view from, std::size_t min, std::size_t max, std::string& into) {
  const auto length = count_code_points(from);
  if (!length)
    report.wrong("invalid_utf8", "is not valid UTF-8");
  else if (from.contains('\0'))
    report.wrong("invalid", "holds a NUL character");
  else if (!is_length_wrong(report, *length, min, max))
    into = from;
}

bool is_length_wrong(Report& report, std::size_t size, std::size_t min, std::size_t max) {
  if (size < min) report.wrong("too_short", "must be at least " + std::to_string(min) + " long, not " + std::to_string(size));
  if (size > max && max == 0)
    report.wrong("too_long", "must be empty");
  else if (size > max)
    report.wrong("too_long", "must be at most " + std::to_string(max) + " long, not " + std::to_string(size));
  return size < min || size > max;
}

void read_int(Report& report, std::string_view from, std::int64_t min, std::int64_t max, std::int64_t& into) {
  read_int_value(report, number_of<std::int64_t>(from), min, max, into);
}
void read_int(Report& report, const boost::json::value& from, std::int64_t min, std::int64_t max, std::int64_t& into) {
  read_int_value(report, number_of<std::int64_t>(from), min, max, into);
}
void read_num(Report& report, std::string_view from, double min, double max, double& into) {
  read_num_value(report, number_of<double>(from), min, max, into);
}
void read_num(Report& report, const boost::json::value& from, double min, double max, double& into) {
  read_num_value(report, number_of<double>(from), min, max, into);
}

void read_flag(Report& report, std::string_view from, bool& into) {
  if (from == "true" || from == "1")
    into = true;
  else if (from == "false" || from == "0")
    into = false;
  else
    report.wrong("type", "must be true or false");
}
void read_flag(Report& report, const boost::json::value& from, bool& into) {
  if (const auto* flag = from.if_bool())
    into = *flag;
  else
    wrong_type(report, "true or false", from);
}

void read_time(Report& report, std::string_view from, Time& into) {
  if (const auto time = parse_rfc3339(from))
    into = *time;
  else
    report.wrong("invalid_time", "must be a time such as 2026-11-21T09:00:00Z");
}

std::optional<std::int64_t> row_number(std::string_view text) {
  return text.starts_with('0') || text.starts_with('-') ? std::nullopt : number_of<std::int64_t>(text);
}

std::string id_pattern(std::string_view prefix) { return std::string(prefix) + "_[0-7][0-9a-hjkmnp-tv-z]{25}"; }

void wrong_word(Report& report, const boost::json::array& words) {
  std::string all;
  for (const auto& word : words) all += (all.empty() ? "" : ", ") + std::string(word.as_string());
  report.wrong("not_allowed", "must be one of " + all);
}

const boost::json::string* string_of(Report& report, const boost::json::value& from) {
  const auto* text = from.if_string();
  if (text == nullptr) wrong_type(report, "a string", from);
  return text;
}

void wrong_type(Report& report, std::string_view wanted, const boost::json::value& from) {
  const std::string_view found = to_string(from.kind());
  report.wrong("type", "must be " + std::string(wanted) + ", not " + std::string(found));
}

void refuse_unknown(Report& report, const boost::json::object& sent, std::span<const std::string_view> known) {
  for (const auto& member : sent) {
    const std::string_view name = member.key();
    if (std::ranges::find(known, name) != known.end()) continue;
    const Report::Step step(report, name);
    report.wrong("unknown_field", "is not a field of this request");
  }
}

}  // namespace kinora::http::detail
