#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace kinora {

/// One statement of the portable subset (`$1`, ON CONFLICT, RETURNING, db_now()). Always a constant written as R"sql(...)sql"
/// in a store: tools/check_sql.py finds it by that mark, prepares it on PostgreSQL and checks that its tables have this owner.
/// `@skip_locked` stands where PostgreSQL needs FOR UPDATE SKIP LOCKED.
struct Sql {
  std::string_view text;
};

/// What several statements of a store have in common: columns, conditions. Written as `constexpr SqlPart name =
/// R"part(...)part"` in the same file.
template <std::size_t Size>
struct SqlPart {
  consteval SqlPart(const char (&from)[Size]) { std::ranges::copy(from, text.begin()); }  // implicit: statements hold literals

  static constexpr std::size_t length = Size - 1;
  std::array<char, Size> text{};
};

namespace detail {

template <SqlPart... Pieces>
consteval auto joined() {
  std::array<char, ((Pieces.length + 1) + ...)> all{};
  auto at = all.begin();
  const auto append = [&](const auto& piece) {
    at = std::copy_n(piece.text.begin(), piece.length, at);
    *at++ = ' ';
  };
  (append(Pieces), ...);
  return all;
}

template <SqlPart... Pieces>
inline constexpr auto kept = joined<Pieces...>();

}  // namespace detail

/// A statement of its own text and of parts, in this order:
/// `constexpr Sql one = sql_of<R"sql(SELECT)sql", columns, R"sql(FROM videos WHERE id = $1)sql">;`
template <SqlPart... Pieces>
inline constexpr Sql sql_of{std::string_view(detail::kept<Pieces...>.data(), detail::kept<Pieces...>.size())};

}  // namespace kinora
