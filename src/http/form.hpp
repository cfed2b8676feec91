#pragma once

#include <boost/json/value.hpp>
#include <boost/pfr/core.hpp>
#include <boost/pfr/core_name.hpp>
#include <concepts>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/ids.hpp"
#include "base/time.hpp"
#include "http/report.hpp"
#include "http/schemas.hpp"
#include "http/types.hpp"

/// How a type of request field reads itself and describes itself. `read` takes JSON (bodies) or text (paths, queries); what is
/// wrong goes to the report and the value stays as it was. `may_be_absent` fields read nothing when nothing was sent.
namespace kinora::http {

template <class T>
struct Form;

namespace detail {

// The parts that need no template, in form.cpp.
void read_text(Report& report, std::string_view from, std::size_t min, std::size_t max, std::string& into);
void read_int(Report& report, std::string_view from, std::int64_t min, std::int64_t max, std::int64_t& into);
void read_int(Report& report, const boost::json::value& from, std::int64_t min, std::int64_t max, std::int64_t& into);
void read_num(Report& report, std::string_view from, double min, double max, double& into);
void read_num(Report& report, const boost::json::value& from, double min, double max, double& into);
void read_flag(Report& report, std::string_view from, bool& into);
void read_flag(Report& report, const boost::json::value& from, bool& into);
void read_time(Report& report, std::string_view from, Time& into);
void wrong_word(Report& report, const boost::json::array& words);
/// Digits without a leading zero; nothing for other text.
std::optional<std::int64_t> row_number(std::string_view text);
/// Of an id's own form, and of the canonical one that requests may use instead; see Id::parse.
std::string id_pattern(std::string_view prefix);
constexpr std::string_view uuid_pattern = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
bool is_length_wrong(Report& report, std::size_t size, std::size_t min, std::size_t max);

/// The string, or nothing after a report.
const boost::json::string* string_of(Report& report, const boost::json::value& from);
void wrong_type(Report& report, std::string_view wanted, const boost::json::value& from);

template <Named E>
boost::json::array words_of() {
  boost::json::array words;
  for (const auto& [each, name] : Names<E>::table) words.emplace_back(name);
  return words;
}

template <class T>
concept Aggregate = std::is_aggregate_v<T> && std::is_class_v<T>;

/// Forms of strings: JSON reads as its string does.
template <class T>
struct StringForm {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, const boost::json::value& from, T& into) {
    if (const auto* text = string_of(report, from)) Form<T>::read(report, std::string_view(*text), into);
  }
};

}  // namespace detail

template <std::size_t min, std::size_t max>
struct Form<Text<min, max>> : detail::StringForm<Text<min, max>> {
  using detail::StringForm<Text<min, max>>::read;
  static void read(Report& report, std::string_view from, Text<min, max>& into) {
    detail::read_text(report, from, min, max, into.value);
  }
  static boost::json::object schema(Schemas&) { return {{"type", "string"}, {"minLength", min}, {"maxLength", max}}; }
};

template <std::int64_t min, std::int64_t max>
struct Form<Int<min, max>> {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, const auto& from, Int<min, max>& into) {
    detail::read_int(report, from, min, max, into.value);
  }
  static boost::json::object schema(Schemas&) { return {{"type", "integer"}, {"minimum", min}, {"maximum", max}}; }
};

template <double min, double max>
struct Form<Num<min, max>> {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, const auto& from, Num<min, max>& into) {
    detail::read_num(report, from, min, max, into.value);
  }
  static boost::json::object schema(Schemas&) { return {{"type", "number"}, {"minimum", min}, {"maximum", max}}; }
};

template <>
struct Form<Flag> {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, const auto& from, Flag& into) { detail::read_flag(report, from, into.value); }
  static boost::json::object schema(Schemas&) { return {{"type", "boolean"}}; }
};
template <>
struct Form<bool> {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, const auto& from, bool& into) { detail::read_flag(report, from, into); }
  static boost::json::object schema(Schemas&) { return {{"type", "boolean"}}; }
};

template <Named E>
struct Form<OneOf<E>> : detail::StringForm<OneOf<E>> {
  using detail::StringForm<OneOf<E>>::read;
  static void read(Report& report, std::string_view from, OneOf<E>& into) {
    if (const auto value = parse_name<E>(from))
      into.value = *value;
    else
      detail::wrong_word(report, detail::words_of<E>());
  }
  static boost::json::object schema(Schemas&) { return {{"type", "string"}, {"enum", detail::words_of<E>()}}; }
};

template <class Kind>
struct Form<Id<Kind>> : detail::StringForm<Id<Kind>> {
  using detail::StringForm<Id<Kind>>::read;
  static void read(Report& report, std::string_view from, Id<Kind>& into) {
    if (const auto id = Id<Kind>::parse(from))
      into = *id;
    else
      report.wrong("invalid_id", "is not an id such as " + std::string(Kind::prefix) + "_01jd...");
  }
  static boost::json::object schema(Schemas&) {
    return {{"type", "string"},
            {"pattern", "^(" + detail::id_pattern(Kind::prefix) + '|' + std::string(detail::uuid_pattern) + ")$"}};
  }
};

template <class Kind>
struct Form<Numbered<Id<Kind>>> {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, std::string_view from, Numbered<Id<Kind>>& into) {
    into.number = detail::row_number(from);
    if (!into.number) Form<Id<Kind>>::read(report, from, into);
  }
  static boost::json::object schema(Schemas& schemas) {
    const boost::json::object number{{"type", "integer"}, {"minimum", 1}};
    return {{"anyOf", boost::json::array{Form<Id<Kind>>::schema(schemas), number}}};
  }
};

template <>
struct Form<Time> : detail::StringForm<Time> {
  using detail::StringForm<Time>::read;
  static void read(Report& report, std::string_view from, Time& into) { detail::read_time(report, from, into); }
  static boost::json::object schema(Schemas&) { return {{"type", "string"}, {"format", "date-time"}}; }
};

template <>
struct Form<Seconds> {
  static constexpr bool may_be_absent = false;
  static constexpr double longest = 1e9;
  static void read(Report& report, const auto& from, Seconds& into) {
    double seconds = into.count();
    detail::read_num(report, from, 0, longest, seconds);
    into = Seconds(seconds);
  }
  static boost::json::object schema(Schemas&) { return {{"type", "number"}, {"minimum", 0}}; }
};

template <class T>
struct Form<Optional<T>> {
  static constexpr bool may_be_absent = true;
  static void read(Report& report, const boost::json::value& from, Optional<T>& into) {
    into.was_null = from.is_null();
    if (!into.was_null) Form<T>::read(report, from, into.emplace());
  }
  static void read(Report& report, std::string_view from, Optional<T>& into) { Form<T>::read(report, from, into.emplace()); }
  static boost::json::object schema(Schemas& schemas) {
    auto schema = Form<T>::schema(schemas);
    if (!schema.contains("type") || !schema.at("type").is_string())
      return {{"anyOf", boost::json::array{std::move(schema), boost::json::object{{"type", "null"}}}}};
    boost::json::array types{schema.at("type"), "null"};
    schema["type"] = std::move(types);
    if (schema.contains("enum")) schema.at("enum").as_array().emplace_back(nullptr);
    return schema;
  }
};

template <class T, auto preset>
struct Form<Default<T, preset>> {
  static constexpr bool may_be_absent = true;
  static void read(Report& report, const auto& from, Default<T, preset>& into) {
    Form<T>::read(report, from, static_cast<T&>(into));
  }
  static boost::json::object schema(Schemas& schemas) {
    auto schema = Form<T>::schema(schemas);
    if constexpr (Named<decltype(preset)>)
      schema["default"] = name_of(preset);
    else
      schema["default"] = preset;
    return schema;
  }
};

template <class T, std::size_t min, std::size_t max>
struct Form<List<T, min, max>> {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, const boost::json::value& from, List<T, min, max>& into) {
    const auto* array = from.if_array();
    if (array == nullptr) return detail::wrong_type(report, "a list", from);
    if (detail::is_length_wrong(report, array->size(), min, max)) return;
    into.clear();
    for (const auto& item : *array) {
      const Report::Step step(report, std::to_string(into.size()));
      Form<T>::read(report, item, into.emplace_back());
    }
  }
  static void read(Report& report, std::string_view from, List<T, min, max>& into) {
    into.clear();
    while (!from.empty()) {
      const auto item = from.substr(0, from.find(','));
      from.remove_prefix(std::min(from.size(), item.size() + 1));
      const Report::Step step(report, std::to_string(into.size()));
      Form<T>::read(report, item, into.emplace_back());
    }
    detail::is_length_wrong(report, into.size(), min, max);
  }
  static boost::json::object schema(Schemas& schemas) {
    return {{"type", "array"}, {"items", Form<T>::schema(schemas)}, {"minItems", min}, {"maxItems", max}};
  }
};

template <>
struct Form<boost::json::value> {
  static constexpr bool may_be_absent = true;
  static void read(Report&, const boost::json::value& from, boost::json::value& into) { into = from; }
  static boost::json::object schema(Schemas&) { return {}; }
};
template <>
struct Form<boost::json::object> {
  static constexpr bool may_be_absent = true;
  static void read(Report& report, const boost::json::value& from, boost::json::object& into) {
    if (const auto* object = from.if_object())
      into = *object;
    else
      detail::wrong_type(report, "an object", from);
  }
  static boost::json::object schema(Schemas&) { return {{"type", "object"}, {"additionalProperties", true}}; }
};

namespace detail {

/// Reports every name that is not among `known`.
void refuse_unknown(Report& report, const boost::json::object& sent, std::span<const std::string_view> known);

template <Aggregate T>
std::span<const std::string_view> names_of() {
  if constexpr (boost::pfr::tuple_size_v<T> == 0) {
    return {};
  } else {
    static constexpr auto names = boost::pfr::names_as_array<T>();
    return names;
  }
}

/// No field has to be there.
template <Aggregate T>
constexpr bool may_be_empty() {
  return []<std::size_t... at>(std::index_sequence<at...>) {
    return (Form<boost::pfr::tuple_element_t<at, T>>::may_be_absent && ...);
  }(std::make_index_sequence<boost::pfr::tuple_size_v<T>>());
}

template <Aggregate T>
void read_members(Report& report, const boost::json::object& from, T& into) {
  if (report.unknown() == Unknown::refused) refuse_unknown(report, from, names_of<T>());
  boost::pfr::for_each_field_with_name(into, [&](std::string_view name, auto& field) {
    using Field = Form<std::decay_t<decltype(field)>>;
    const Report::Step step(report, name);
    if (const auto* member = from.if_contains(name))
      Field::read(report, *member, field);
    else if (!Field::may_be_absent)
      report.wrong("required", "is missing");
  });
}

template <Aggregate T>
boost::json::object schema_of_members(Schemas& schemas) {
  boost::json::object properties;
  boost::json::array required;
  T probe{};
  boost::pfr::for_each_field_with_name(probe, [&](std::string_view name, auto& field) {
    using Field = Form<std::decay_t<decltype(field)>>;
    properties[name] = Field::schema(schemas);
    if (!Field::may_be_absent) required.emplace_back(name);
  });
  boost::json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  if (schemas.unknown == Unknown::refused) schema["additionalProperties"] = false;
  return schema;
}

}  // namespace detail

/// An aggregate of fields: a JSON object by the names of its members.
template <class T>
  requires detail::Aggregate<T>
struct Form<T> {
  static constexpr bool may_be_absent = false;
  static void read(Report& report, const boost::json::value& from, T& into) {
    if (const auto* object = from.if_object())
      detail::read_members(report, *object, into);
    else
      detail::wrong_type(report, "an object", from);
  }
  static boost::json::object schema(Schemas& schemas) {
    return schemas.reference(type_name<T>(), &detail::schema_of_members<T>);
  }
};

}  // namespace kinora::http
