#pragma once

#include <boost/json/value.hpp>
#include <boost/pfr/core.hpp>
#include <boost/pfr/core_name.hpp>
#include <concepts>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/time.hpp"
#include "http/form.hpp"
#include "http/schemas.hpp"

/// The JSON schema of an answer: what base/json.hpp writes of the type.
namespace kinora::http {

template <class T>
struct ViewForm;

template <class T>
boost::json::object view_schema(Schemas& schemas) {
  return ViewForm<std::decay_t<T>>::schema(schemas);
}

template <>
struct ViewForm<bool> {
  static boost::json::object schema(Schemas&) { return {{"type", "boolean"}}; }
};
template <std::integral T>
  requires(!std::same_as<T, bool>)
struct ViewForm<T> {
  static boost::json::object schema(Schemas&) { return {{"type", "integer"}}; }
};
template <>
struct ViewForm<double> {
  static boost::json::object schema(Schemas&) { return {{"type", boost::json::array{"number", "null"}}}; }
};
template <>
struct ViewForm<Seconds> {
  static boost::json::object schema(Schemas&) { return {{"type", "number"}}; }
};
template <class T>
  requires std::same_as<T, std::string> || std::same_as<T, std::string_view>
struct ViewForm<T> {
  static boost::json::object schema(Schemas&) { return {{"type", "string"}}; }
};
template <>
struct ViewForm<Time> {
  static boost::json::object schema(Schemas&) { return {{"type", "string"}, {"format", "date-time"}}; }
};
template <class Kind>
struct ViewForm<Id<Kind>> {
  static boost::json::object schema(Schemas&) {
    return {{"type", "string"}, {"pattern", '^' + detail::id_pattern(Kind::prefix) + '$'}};
  }
};
template <Named E>
struct ViewForm<E> {
  static boost::json::object schema(Schemas&) { return {{"type", "string"}, {"enum", detail::words_of<E>()}}; }
};
template <class T>
struct ViewForm<std::optional<T>> {
  static boost::json::object schema(Schemas& schemas) {
    return {{"anyOf", boost::json::array{view_schema<T>(schemas), boost::json::object{{"type", "null"}}}}};
  }
};
template <class T>
struct ViewForm<std::vector<T>> {
  static boost::json::object schema(Schemas& schemas) { return {{"type", "array"}, {"items", view_schema<T>(schemas)}}; }
};
template <class T>
  requires std::same_as<T, boost::json::value> || std::same_as<T, boost::json::object> || std::same_as<T, boost::json::array>
struct ViewForm<T> {
  static boost::json::object schema(Schemas&) { return {}; }
};

namespace detail {

template <Aggregate T>
boost::json::object view_schema_of_members(Schemas& schemas) {
  boost::json::object properties;
  boost::json::array required;
  const T probe{};
  boost::pfr::for_each_field_with_name(probe, [&](std::string_view name, const auto& field) {
    properties[name] = view_schema<std::decay_t<decltype(field)>>(schemas);
    required.emplace_back(name);
  });
  return {{"type", "object"}, {"properties", std::move(properties)}, {"required", std::move(required)}};
}

}  // namespace detail

template <detail::Aggregate T>
struct ViewForm<T> {
  static boost::json::object schema(Schemas& schemas) {
    return schemas.reference(type_name<T>(), &detail::view_schema_of_members<T>);
  }
};

}  // namespace kinora::http
