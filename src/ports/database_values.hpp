#pragma once

#include <boost/pfr/core.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "base/encoding.hpp"
#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace kinora {

/// What a column can hold. BOOL is 0 or 1, TIME microseconds since 1970, ID the canonical UUID, enums their name.
using DatabaseValue = std::variant<std::monostate, std::int64_t, double, std::string, Bytes>;
using Params = std::vector<DatabaseValue>;

/// One row under the cursor; columns count from 0. Views are valid until the next row.
class RowReader {
 public:
  virtual ~RowReader() = default;
  virtual int columns() const = 0;
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual double real(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual std::span<const std::byte> bytes(int column) const = 0;
};

/// How a C++ type is kept in a column.
template <class T>
struct Column;

template <std::integral T>
struct Column<T> {
  static DatabaseValue write(T value) { return static_cast<std::int64_t>(value); }
  static Result<T> read(const RowReader& row, int at) {
    const auto value = row.integer(at);
    if constexpr (!std::same_as<T, bool>)
      if (!std::in_range<T>(value))
        return fail(ErrorKind::internal, "a column's number does not fit: " + std::to_string(value));
    return static_cast<T>(value);
  }
};
template <>
struct Column<double> {
  static DatabaseValue write(double value) { return value; }
  static Result<double> read(const RowReader& row, int at) { return row.real(at); }
};
template <>
struct Column<Seconds> {
  static DatabaseValue write(Seconds value) { return value.count(); }
  static Result<Seconds> read(const RowReader& row, int at) { return Seconds(row.real(at)); }
};
template <>
struct Column<std::string> {
  static DatabaseValue write(std::string value) { return value; }
  static Result<std::string> read(const RowReader& row, int at) { return std::string(row.text(at)); }
};
template <>
struct Column<Bytes> {
  static DatabaseValue write(Bytes value) { return value; }
  static Result<Bytes> read(const RowReader& row, int at) {
    const auto bytes = row.bytes(at);
    return Bytes(bytes.begin(), bytes.end());
  }
};
template <>
struct Column<Time> {
  static DatabaseValue write(Time value) { return value.time_since_epoch().count(); }
  static Result<Time> read(const RowReader& row, int at) { return Time(std::chrono::microseconds(row.integer(at))); }
};
template <>
struct Column<Uuid> {
  static DatabaseValue write(Uuid value) { return value.canonical(); }
  static Result<Uuid> read(const RowReader& row, int at) {
    const auto uuid = parse_canonical_uuid(row.text(at));
    if (!uuid) return fail(ErrorKind::internal, "a column holds no UUID: " + std::string(row.text(at)));
    return *uuid;
  }
};
template <class Kind>
struct Column<Id<Kind>> {
  static DatabaseValue write(Id<Kind> value) { return Column<Uuid>::write(value.uuid); }
  static Result<Id<Kind>> read(const RowReader& row, int at) {
    const auto uuid = Column<Uuid>::read(row, at);
    if (!uuid) return std::unexpected(uuid.error());
    return Id<Kind>{*uuid};
  }
};
template <Named E>
struct Column<E> {
  static DatabaseValue write(E value) { return std::string(name_of(value)); }
  static Result<E> read(const RowReader& row, int at) {
    const auto value = parse_name<E>(row.text(at));
    if (!value) return fail(ErrorKind::internal, "a column holds an unknown word: " + std::string(row.text(at)));
    return *value;
  }
};
template <class T>
struct Column<std::optional<T>> {
  static DatabaseValue write(std::optional<T> value) { return value ? Column<T>::write(*std::move(value)) : DatabaseValue(); }
  static Result<std::optional<T>> read(const RowReader& row, int at) {
    if (row.is_null(at)) return std::optional<T>();
    auto value = Column<T>::read(row, at);
    if (!value) return std::unexpected(std::move(value.error()));
    return std::optional<T>(*std::move(value));
  }
};

template <class T>
concept ColumnValue = requires(const RowReader& row) { Column<T>::read(row, 0); };

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

/// NULL fits only an optional.
template <ColumnValue T>
Result<T> read_column(const RowReader& row, int at) {
  if (!is_optional<T> && row.is_null(at))
    return fail(ErrorKind::internal, "column " + std::to_string(at) + " of a row is NULL, but its member is not optional");
  return Column<T>::read(row, at);
}

template <class... Args>
Params params_of(Args... args) {
  Params params;
  params.reserve(sizeof...(Args));
  (params.push_back(Column<Args>::write(std::move(args))), ...);
  return params;
}

/// A value from the only column, or an aggregate from as many columns as it has members, in their order.
template <class Row>
Result<Row> read_row(const RowReader& reader) {
  if constexpr (ColumnValue<Row>) {
    return read_column<Row>(reader, 0);
  } else {
    Row row{};
    std::optional<Error> wrong;
    if (reader.columns() != static_cast<int>(boost::pfr::tuple_size_v<Row>))
      return fail(ErrorKind::internal, "a statement yields another number of columns than its row type has");
    boost::pfr::for_each_field(row, [&](auto& field, std::size_t at) {
      if (wrong) return;
      auto value = read_column<std::decay_t<decltype(field)>>(reader, static_cast<int>(at));
      if (value)
        field = *std::move(value);
      else
        wrong = std::move(value.error());
    });
    if (wrong) return std::unexpected(*std::move(wrong));
    return row;
  }
}

}  // namespace kinora
