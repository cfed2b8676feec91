#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "http/cursors.hpp"

/// Pages of lists: one more than is shown is asked for, which tells whether there are more, and a cursor says where the shown
/// ones ended.
namespace kinora::api {

/// Where a page of a list that is ordered by birth ended. In microseconds, as rows have it: JSON's times are coarser, and a
/// page would begin too early or too late.
template <class SomeId>
struct Birth {
  std::int64_t born_us = 0;
  SomeId id{};

  Time created_at() const { return Time(std::chrono::microseconds(born_us)); }
};
template <class Item>
auto birth_of(const Item& item) {
  return Birth{static_cast<std::int64_t>(item.created_at.time_since_epoch().count()), item.id};
}

template <class Place>
std::string cursor_of(const http::Cursors& cursors, const Caller& caller, const http::Page& page, const Place& place) {
  return cursors.seal(caller, page, to_json(place));
}

/// Where this page begins; nothing at the start of the list. Errors: invalid (invalid_cursor).
template <class Place>
Result<std::optional<Place>> place_of(const http::Cursors& cursors, const Caller& caller, const http::Page& page) {
  if (!page.cursor) return std::optional<Place>();
  auto text = cursors.open(caller, page);
  if (!text) return std::unexpected(std::move(text.error()));
  auto place = from_json_text<Place>(*text);
  if (!place) return std::unexpected(std::move(place.error()));
  return std::optional<Place>(*std::move(place));
}

/// Whether there were more than the page shows; those are gone afterwards.
template <class Item>
bool cut_to_page(std::vector<Item>& items, std::size_t limit) {
  const bool more = items.size() > limit;
  if (more) items.resize(limit);
  return more;
}

}  // namespace kinora::api
