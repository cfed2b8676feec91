#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/names.hpp"

/// What a request's fields may hold: a limit is a type, which reads itself, says what is wrong, and prints its JSON schema
/// (form.hpp). Beside these, fields may be Ids, bool, Time, Seconds, boost::json::value or object, and aggregates of fields.
namespace kinora::http {

/// Between min and max Unicode code points; no NUL.
template <std::size_t min, std::size_t max>
struct Text {
  std::string value{};
  operator const std::string&() const& { return value; }
  operator std::string() && { return std::move(value); }
  friend bool operator==(const Text&, const Text&) = default;
};

template <std::int64_t min, std::int64_t max>
struct Int {
  std::int64_t value = min;
  operator std::int64_t() const { return value; }
};

/// Finite, bounds included.
template <double min, double max>
struct Num {
  double value = min;
  operator double() const { return value; }
};

/// As JSON true or false; in a query also 1 and 0.
struct Flag {
  bool value = false;
  operator bool() const { return value; }
};

/// One of the words of Names<E>.
template <Named E>
struct OneOf {
  E value{};
  operator E() const { return value; }
};

/// The id in a path, or in its place the number that its row has beside it. The route looks that up before its function runs:
/// `numbered_id(App&, Caller, Numbered<Id>)` of the App's namespace.
template <class Id>
struct Numbered : Id {
  Numbered() = default;
  std::optional<std::int64_t> number{};
};

/// May be left out or null.
template <class T>
struct Optional : std::optional<T> {
  using std::optional<T>::optional;
  /// Sent, and null: a merge patch (RFC 7396) takes that as "remove it".
  bool was_null = false;
};

/// A field that reads as `preset` when it is left out: Default<Int<1, 100>, 20>, Default<OneOf<Format>, Format::json>.
template <class T, auto preset>
struct Default : T {
  Default() : T{preset} {}
};

/// As a JSON array; in a query repeated or comma-separated.
template <class T, std::size_t min, std::size_t max>
struct List : std::vector<T> {
  using std::vector<T>::vector;
};

/// The paging of every list, flattened into a query: `limit` 1-100 = 20, `cursor` with its synonym `after`.
struct Page {
  static constexpr std::size_t limit_max = 100;

  std::size_t limit = 20;
  std::optional<std::string> cursor{};
  std::string list{};  ///< its address with its filters: what a cursor belongs to (cursors.hpp)
};

}  // namespace kinora::http
