#include "adapters/search_index/embedded/scope.hpp"

#include <algorithm>
#include <tuple>

namespace kinora::search_file {

namespace {
// Nobody's: what a scope without an owner, or with one who has no videos, reads.
constexpr std::int64_t no_shelf = -1;
}  // namespace

void Scope::add(ScopedVideo video, std::int64_t terms) {
  corpus_.chunks += video.chunks;
  corpus_.terms += static_cast<double>(terms);
  videos_.push_back(std::move(video));
}

void Scope::settle() {
  std::ranges::sort(videos_, {}, [](const ScopedVideo& each) { return std::tuple(each.shelf, each.number); });
  std::uint32_t next = 0;
  for (auto& video : videos_) {
    video.first_chunk = next;
    next += video.chunks;
  }
}

std::span<const ScopedVideo> Scope::of_shelf(std::int64_t shelf) const {
  const auto found = std::ranges::equal_range(videos_, shelf, {}, &ScopedVideo::shelf);
  return {found.begin(), found.end()};
}

const ScopedVideo& Scope::video_of(std::uint32_t chunk) const {
  return *std::prev(std::ranges::upper_bound(videos_, chunk, {}, &ScopedVideo::first_chunk));
}

ScopeReader::ScopeReader(Connection& connection)
    : shelf_(connection, "SELECT number FROM shelves WHERE owner = ?1"),
      own_(connection,
           "SELECT number, shelf, id, chunks, terms, vector_file, first_slot FROM videos"
           " WHERE shelf = ?1 AND chunks > 0 AND (?2 = '' OR language = ?2)"),
      others_(connection,
              "SELECT number, 0, id, chunks, terms, vector_file, first_slot FROM videos"
              " WHERE is_public = 1 AND shelf <> ?1 AND chunks > 0 AND (?2 = '' OR language = ?2)"),
      one_(connection,
           "SELECT number, CASE shelf WHEN ?1 THEN shelf ELSE 0 END, id, chunks, terms, vector_file, first_slot FROM videos"
           " WHERE id = ?3 AND chunks > 0 AND (?2 = '' OR language = ?2) AND (shelf = ?1 OR (is_public = 1 AND ?4))") {}

Scope ScopeReader::read(const SearchScope& asked) {
  Scope scope;
  const auto shelf = shelf_of(asked);
  for (const auto& video : asked.videos) {
    const auto id = video.canonical();
    one_.start(shelf, asked.language, id, std::int64_t{asked.public_videos});
    take(one_, scope);
  }
  if (asked.videos.empty() && shelf != no_shelf) {
    own_.start(shelf, asked.language);
    take(own_, scope);
  }
  if (asked.videos.empty() && asked.public_videos) {
    others_.start(shelf, asked.language);
    take(others_, scope);
  }
  scope.settle();
  return scope;
}

std::int64_t ScopeReader::shelf_of(const SearchScope& asked) {
  if (!asked.owner) return no_shelf;
  const auto owner = asked.owner->canonical();
  shelf_.start(owner);
  const auto shelf = shelf_.next() ? shelf_.integer(0) : no_shelf;
  shelf_.reset();
  return shelf;
}

void ScopeReader::take(Statement& rows, Scope& scope) {
  while (rows.next())
    scope.add({.number = rows.integer(0),
               .shelf = rows.integer(1),
               .id = std::string(rows.text(2)),
               .first_chunk = 0,
               .chunks = static_cast<std::uint32_t>(rows.integer(3)),
               .vector_file = rows.integer(5),
               .first_slot = rows.integer(6)},
              rows.integer(4));
}

}  // namespace kinora::search_file
