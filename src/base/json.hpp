#pragma once

#include <boost/json/value.hpp>
#include <boost/pfr/core.hpp>
#include <boost/pfr/core_name.hpp>
#include <charconv>
#include <cmath>
#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

/// Values to JSON and back, by the names of their members: what columns of type JSON, job arguments and the wire hold.
/// Aggregates are objects, Ids their prefixed text, Time RFC 3339, Seconds a number, enums with Names their word, an absent
/// optional null.
namespace kinora {

/// Appends `text` as a JSON string (RFC 8259); invalid UTF-8 must have been refused before.
void append_json_string(std::string& out, std::string_view text);
/// Refuses what RFC 8259 does, duplicate keys, more than `depth_max` levels, and invalid UTF-8.
Result<boost::json::value> parse_json(std::string_view text, std::size_t depth_max = 32);
std::string json_text(const boost::json::value& value);

template <class T>
struct JsonCodec;

template <class T>
void append_json(std::string& out, const T& value) {
  JsonCodec<T>::write(out, value);
}
template <class T>
std::string to_json(const T& value) {
  std::string out;
  append_json(out, value);
  return out;
}
template <class T>
Result<T> from_json(const boost::json::value& json) {
  return JsonCodec<T>::read(json);
}
template <class T>
Result<T> from_json_text(std::string_view text) {
  auto json = parse_json(text);
  if (!json) return std::unexpected(std::move(json.error()));
  return from_json<T>(*json);
}

namespace detail {

inline std::unexpected<Error> wrong_json(std::string_view wanted) {
  return fail(ErrorKind::invalid, "expected " + std::string(wanted));
}

template <class Number>
void append_number(std::string& out, Number value) {
  char digits[32];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value).ptr;
  out.append(std::begin(digits), end);
}

}  // namespace detail

template <>
struct JsonCodec<bool> {
  static void write(std::string& out, bool value) { out += value ? "true" : "false"; }
  static Result<bool> read(const boost::json::value& json) {
    if (const auto* flag = json.if_bool()) return *flag;
    return detail::wrong_json("true or false");
  }
};

template <std::integral T>
  requires(!std::same_as<T, bool>)
struct JsonCodec<T> {
  static void write(std::string& out, T value) { detail::append_number(out, value); }
  static Result<T> read(const boost::json::value& json) {
    boost::system::error_code code;
    const auto number = json.to_number<T>(code);
    if (!code) return number;
    return detail::wrong_json("a whole number");
  }
};

template <>
struct JsonCodec<double> {
  static void write(std::string& out, double value) {
    if (std::isfinite(value))
      detail::append_number(out, value);
    else
      out += "null";
  }
  static Result<double> read(const boost::json::value& json) {
    boost::system::error_code code;
    const auto number = json.to_number<double>(code);
    if (!code && std::isfinite(number)) return number;  // 1e999 is read as infinity, which JSON cannot say again
    return detail::wrong_json("a number");
  }
};

template <>
struct JsonCodec<std::string> {
  static void write(std::string& out, const std::string& value) { append_json_string(out, value); }
  static Result<std::string> read(const boost::json::value& json) {
    if (const auto* text = json.if_string()) return std::string(*text);
    return detail::wrong_json("a string");
  }
};

template <>
struct JsonCodec<std::string_view> {
  static void write(std::string& out, std::string_view value) { append_json_string(out, value); }
};

template <>
struct JsonCodec<Seconds> {
  // Milliseconds are as fine as any word or key frame is known; more digits would be noise.
  static void write(std::string& out, Seconds value) { JsonCodec<double>::write(out, std::round(value.count() * 1000) / 1000); }
  static Result<Seconds> read(const boost::json::value& json) {
    const auto number = JsonCodec<double>::read(json);
    if (!number) return std::unexpected(number.error());
    return Seconds(*number);
  }
};

template <>
struct JsonCodec<Time> {
  static void write(std::string& out, Time value) { append_json_string(out, rfc3339(value)); }
  static Result<Time> read(const boost::json::value& json) {
    const auto* text = json.if_string();
    return text != nullptr ? parse_rfc3339(*text) : Result<Time>(detail::wrong_json("a time"));
  }
};

template <class Kind>
struct JsonCodec<Id<Kind>> {
  static void write(std::string& out, const Id<Kind>& value) { append_json_string(out, value.text()); }
  static Result<Id<Kind>> read(const boost::json::value& json) {
    const auto* text = json.if_string();
    const auto id = text != nullptr ? Id<Kind>::parse(*text) : std::nullopt;
    if (!id) return detail::wrong_json("an id such as " + std::string(Kind::prefix) + "_...");
    return *id;
  }
};

template <Named E>
struct JsonCodec<E> {
  static void write(std::string& out, E value) { append_json_string(out, name_of(value)); }
  static Result<E> read(const boost::json::value& json) {
    const auto* text = json.if_string();
    const auto value = text != nullptr ? parse_name<E>(*text) : std::nullopt;
    if (value) return *value;
    std::string words;
    for (const auto& [each, name] : Names<E>::table) words += (words.empty() ? "" : ", ") + std::string(name);
    return detail::wrong_json("one of " + words);
  }
};

template <class T>
struct JsonCodec<std::optional<T>> {
  static void write(std::string& out, const std::optional<T>& value) {
    if (value)
      append_json(out, *value);
    else
      out += "null";
  }
  static Result<std::optional<T>> read(const boost::json::value& json) {
    if (json.is_null()) return std::optional<T>();
    auto value = from_json<T>(json);
    if (!value) return std::unexpected(std::move(value.error()));
    return std::optional<T>(*std::move(value));
  }
};

template <class T>
struct JsonCodec<std::vector<T>> {
  static void write(std::string& out, const std::vector<T>& values) {
    out += '[';
    for (const auto& value : values) {
      if (&value != &values.front()) out += ',';
      append_json(out, static_cast<const T&>(value));
    }
    out += ']';
  }
  static Result<std::vector<T>> read(const boost::json::value& json) {
    const auto* array = json.if_array();
    if (array == nullptr) return detail::wrong_json("a list");
    std::vector<T> values;
    values.reserve(array->size());
    for (const auto& item : *array) {
      auto value = from_json<T>(item);
      if (!value) return std::unexpected(std::move(value.error()));
      values.push_back(*std::move(value));
    }
    return values;
  }
};

template <>
struct JsonCodec<boost::json::value> {
  static void write(std::string& out, const boost::json::value& value) { out += json_text(value); }
  static Result<boost::json::value> read(const boost::json::value& json) { return json; }
};

/// Any aggregate. Reading takes a missing member as its default and ignores members it does not know.
template <class T>
  requires std::is_aggregate_v<T>
struct JsonCodec<T> {
  static void write(std::string& out, const T& value) {
    out += '{';
    boost::pfr::for_each_field_with_name(value, [&](std::string_view name, const auto& field) {
      if (out.back() != '{') out += ',';
      append_json_string(out, name);
      out += ':';
      append_json(out, field);
    });
    out += '}';
  }
  static Result<T> read(const boost::json::value& json) {
    const auto* object = json.if_object();
    if (object == nullptr) return detail::wrong_json("an object");
    T value{};
    std::optional<Error> wrong;
    boost::pfr::for_each_field_with_name(value, [&](std::string_view name, auto& field) {
      const auto* member = object->if_contains(name);
      if (wrong || member == nullptr) return;
      auto read = from_json<std::decay_t<decltype(field)>>(*member);
      if (read)
        field = *std::move(read);
      else
        wrong = Error{ErrorKind::invalid, std::string(name) + ": " + read.error().message};
    });
    if (wrong) return std::unexpected(*std::move(wrong));
    return value;
  }
};

}  // namespace kinora
