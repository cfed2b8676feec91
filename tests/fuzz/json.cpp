// JSON, and the requests and values read from it.
#include "base/json.hpp"

#include <algorithm>
#include <cmath>

#include "http/form.hpp"
#include "http/target.hpp"
#include "tests/fuzz/fuzz.hpp"

namespace kinora::fuzz {

/// A request with a field of every kind.
struct Ask {
  VideoId id{};
  http::Text<1, 20> title;
  http::Optional<http::Text<0, 50>> description;
  http::Int<-5, 100> count;
  http::Num<0.0, 1.0> weight;
  bool wanted = false;
  Time since{};
  Seconds start{0};
  http::Default<http::Int<1, 100>, 20> limit;
  http::List<http::Text<1, 10>, 0, 5> tags;
  struct Inner {
    http::Text<1, 5> name;
    http::Optional<http::Int<0, 9>> digit;
  };
  http::List<Inner, 0, 3> inner;
  http::Optional<boost::json::value> any;
};

/// A value as columns and job arguments keep it.
struct Kept {
  std::string text;
  std::int64_t number = 0;
  double share = 0;
  bool flag = false;
  std::optional<std::string> absent{};
  std::vector<Kept> inner{};
  Time at{};
};

namespace {

/// Names and depth of a text that is known to be JSON, counted by its signs.
struct Counted {
  std::size_t names = 0;
  std::size_t depth = 0;
};
Counted count(std::string_view text) {
  Counted counted;
  std::size_t depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char sign = text[at];
    if (quoted && sign == '\\') ++at;
    if (sign == '"') quoted = !quoted;
    if (quoted) continue;
    if (sign == ':') ++counted.names;
    if (sign == '{' || sign == '[') counted.depth = std::max(counted.depth, ++depth);
    if (sign == '}' || sign == ']') --depth;
  }
  return counted;
}

std::size_t names_in(const boost::json::value& value) {
  std::size_t names = 0;
  if (const auto* object = value.if_object())
    for (const auto& member : *object) names += 1 + names_in(member.value());
  if (const auto* array = value.if_array())
    for (const auto& item : *array) names += names_in(item);
  return names;
}

void check_text(std::string_view input) {
  std::string quoted;
  if (!http::count_code_points(input)) return;
  append_json_string(quoted, input);
  const auto read = parse_json(quoted);
  require(read && read->is_string() && read->as_string() == input, "a string reads as it was written");
}

void check_ask(const boost::json::value& json) {
  http::Report report(http::Unknown::refused);
  Ask ask;
  {
    const http::Report::Step step(report, "body");
    http::Form<Ask>::read(report, json, ask);
  }
  if (!report.is_clean()) {
    const auto error = std::move(report).error();
    require(!error.fields.empty() && error.fields.size() <= 100, "a refusal names 1 to 100 fields");
    for (const auto& field : error.fields) require(field.pointer.starts_with("/body"), "what is wrong is in the body");
    return;
  }
  require(http::count_code_points(ask.title.value).value_or(0) - 1 < 20, "a text has the length that its type says");
  require(!ask.title.value.contains('\0'), "a text holds no NUL");
  require(ask.count >= -5 && ask.count <= 100 && ask.weight >= 0 && ask.weight <= 1, "a number lies within its type's bounds");
  require(std::isfinite(ask.start.count()) && ask.start >= Seconds(0), "a moment is a number");
  require(ask.tags.size() <= 5 && ask.inner.size() <= 3, "a list has the length that its type says");
}

void check_kept(const boost::json::value& json) {
  const auto kept = from_json<Kept>(json);
  if (!kept) return;
  const auto text = to_json(*kept);
  const auto again = from_json_text<Kept>(text);
  require(again.has_value(), "what is kept can be read");
  require(to_json(*again) == text, "what is kept reads as it was written");
}

}  // namespace

void check(std::string_view input) {
  check_text(input);
  const auto json = parse_json(input);
  if (!json) return;
  const auto counted = count(input);
  require(counted.depth <= 32, "nothing nests deeper than 32");
  require(counted.names == names_in(*json), "each name of an object stands once");
  const auto again = parse_json(json_text(*json));
  require(again && json_text(*again) == json_text(*json), "JSON written again reads the same");
  check_ask(*json);
  check_kept(*json);
}

}  // namespace kinora::fuzz
