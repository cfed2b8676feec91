#include <algorithm>

#include "base/json.hpp"
#include "modules/media/store.hpp"

namespace kinora::media {

namespace {

// An empty filter lets everything pass; a tag stands in the column as JSON writes it. One statement for each order, because
// each goes along an index of its own from where the last page ended: a deep page costs what the first one does.
// A plus keeps the span of time from choosing the index.
constexpr SqlPart of_owner = R"part(SELECT id FROM videos WHERE user_id = $1 AND deleted_at IS NULL)part";
constexpr SqlPart filters = R"part(
  AND ($4 = '' OR status = $4) AND ($5 = '' OR visibility = $5) AND ($6 = '' OR channel_id = $6) AND ($12 = '' OR language = $12)
  AND ($7 = '' OR REPLACE(tags, $7, '') <> tags)
  AND ($8 = '' OR REPLACE(LOWER(title), LOWER($8), '') <> LOWER(title)
       OR REPLACE(LOWER(description), LOWER($8), '') <> LOWER(description)))part";

constexpr Sql newest_first = sql_of<of_owner, R"sql(AND created_at > $2 AND +created_at < $3)sql", filters, R"sql(
  AND (created_at, id) < ($9, $10)
  ORDER BY created_at DESC, id DESC LIMIT $11)sql">;
constexpr Sql newest_of_status =
    sql_of<of_owner, R"sql(AND created_at > $2 AND +created_at < $3 AND status = $4)sql", filters, R"sql(
  AND (created_at, id) < ($9, $10)
  ORDER BY created_at DESC, id DESC LIMIT $11)sql">;
constexpr Sql oldest_first = sql_of<of_owner, R"sql(AND +created_at > $2 AND created_at < $3)sql", filters, R"sql(
  AND (created_at, id) > ($9, $10)
  ORDER BY created_at, id LIMIT $11)sql">;
constexpr Sql titles_up = sql_of<of_owner, R"sql(AND +created_at > $2 AND +created_at < $3)sql", filters, R"sql(
  AND (title, id) > ($9, $10)
  ORDER BY title, id LIMIT $11)sql">;
constexpr Sql titles_down = sql_of<of_owner, R"sql(AND +created_at > $2 AND +created_at < $3)sql", filters, R"sql(
  AND (title, id) < ($9, $10)
  ORDER BY title DESC, id DESC LIMIT $11)sql">;
constexpr Sql shortest_first = sql_of<of_owner, R"sql(AND +created_at > $2 AND +created_at < $3)sql", filters, R"sql(
  AND COALESCE(duration, -1) >= $9 AND (COALESCE(duration, -1), id) > ($9, $10)
  ORDER BY COALESCE(duration, -1), id LIMIT $11)sql">;
constexpr Sql longest_first = sql_of<of_owner, R"sql(AND +created_at > $2 AND +created_at < $3)sql", filters, R"sql(
  AND COALESCE(duration, -1) <= $9 AND (COALESCE(duration, -1), id) < ($9, $10)
  ORDER BY COALESCE(duration, -1) DESC, id DESC LIMIT $11)sql">;

constexpr Sql newest_public{R"sql(
  SELECT id FROM videos
  WHERE visibility = 'public' AND deleted_at IS NULL AND user_id <> $1 AND created_at > $2 AND created_at < $3
    AND ($4 = '' OR status = $4) AND ($5 = '' OR channel_id = $5) AND ($6 = '' OR language = $6)
    AND ($7 = '' OR REPLACE($7, user_id, '') <> $7)
  ORDER BY created_at DESC, id DESC LIMIT $8)sql"};

constexpr std::size_t findable_max = 500;

// U+10FFFF is no character of any text, and no id has a tilde.
constexpr std::string_view last_title = "\xF4\x8F\xBF\xBF";
constexpr std::string_view last_id = "~";
constexpr double no_duration = -1;

/// What the order compares a video with: the first page begins where no video comes before.
struct Key {
  Time created_at{};
  std::string title{};
  double duration = 0;
  std::string id{};
};
Key key_of(const ListQuery& query) {
  if (query.after) return {query.after->created_at, query.after->title, query.after->duration, query.after->id.canonical()};
  switch (query.order) {
    case ListOrder::newest: return {.created_at = query.created_before};
    case ListOrder::oldest: return {.created_at = query.created_after, .id = std::string(last_id)};
    case ListOrder::title: return {};
    case ListOrder::title_down: return {.title = std::string(last_title)};
    case ListOrder::shortest: return {.duration = no_duration - 1};
    case ListOrder::longest: return {.duration = std::numeric_limits<double>::max()};
  }
  return {};
}

template <class SomeId>
std::string id_text(const std::optional<SomeId>& wanted) {
  return wanted ? wanted->canonical() : std::string();
}

std::string id_texts(const std::optional<std::vector<UserId>>& wanted) {
  std::string texts;
  if (wanted)
    for (const auto id : *wanted) texts += id.canonical() + ' ';
  return texts;
}

bool may_be_of(UserId owner, const ListQuery& query) {
  return !query.owners || std::ranges::find(*query.owners, owner) != query.owners->end();
}

template <class E>
std::string word_of(const std::optional<E>& wanted) {
  return wanted ? std::string(name_of(*wanted)) : std::string();
}

/// The videos behind a value and an id in the order of the statement.
template <class Value>
Task<Result<std::vector<VideoId>>> page(Transaction tx, Sql statement, UserId owner, ListQuery query,
                                        std::pair<Value, std::string> behind) {
  auto tag = query.tag.empty() ? std::string() : to_json(query.tag);
  return tx.all<VideoId>(statement, owner, query.created_after, query.created_before, word_of(query.status),
                         word_of(query.visibility), id_text(query.channel), std::move(tag), std::move(query.text),
                         std::move(behind.first), std::move(behind.second), static_cast<std::int64_t>(query.limit),
                         std::move(query.language));
}

Task<Result<std::vector<VideoId>>> ids_of_page(Transaction tx, UserId owner, ListQuery query) {
  const auto newest = query.status ? newest_of_status : newest_first;
  auto [created_at, title, duration, id] = key_of(query);
  switch (query.order) {
    case ListOrder::newest: return page(tx, newest, owner, std::move(query), std::pair(created_at, std::move(id)));
    case ListOrder::oldest: return page(tx, oldest_first, owner, std::move(query), std::pair(created_at, std::move(id)));
    case ListOrder::title: return page(tx, titles_up, owner, std::move(query), std::pair(std::move(title), std::move(id)));
    case ListOrder::title_down:
      return page(tx, titles_down, owner, std::move(query), std::pair(std::move(title), std::move(id)));
    case ListOrder::shortest: return page(tx, shortest_first, owner, std::move(query), std::pair(duration, std::move(id)));
    case ListOrder::longest: break;
  }
  return page(tx, longest_first, owner, std::move(query), std::pair(duration, std::move(id)));
}

Task<Result<std::vector<Video>>> videos_of(Transaction tx, std::vector<VideoId> ids) {
  std::vector<Video> videos;
  for (const auto id : ids) videos.push_back(co_await ok(get_video(tx, id)));
  co_return videos;
}

}  // namespace

ListPlace place_of(ListOrder order, const Video& video) {
  ListPlace place{
      .created_at = video.created_at, .duration = video.duration.value_or(Seconds(no_duration)).count(), .id = video.id};
  if (order == ListOrder::title || order == ListOrder::title_down) place.title = video.title;
  return place;
}

Task<Result<std::vector<Video>>> list_videos(Transaction tx, UserId owner, ListQuery query) {
  auto ids = co_await ok(ids_of_page(tx, owner, std::move(query)));
  co_return co_await videos_of(tx, std::move(ids));
}

Task<Result<std::vector<Video>>> findable_videos(Transaction tx, UserId owner, ListQuery query) {
  query.order = ListOrder::newest;
  query.after.reset();
  query.limit = findable_max;
  std::vector<VideoId> ids;
  if (may_be_of(owner, query)) ids = co_await ok(ids_of_page(tx, owner, query));
  if (query.owners && query.owners->empty()) co_return std::vector<Video>();
  const auto others = co_await ok(tx.all<VideoId>(newest_public, owner, query.created_after, query.created_before,
                                                  word_of(query.status), id_text(query.channel), query.language,
                                                  id_texts(query.owners), static_cast<std::int64_t>(query.limit)));
  ids.insert(ids.end(), others.begin(), others.end());
  co_return co_await videos_of(tx, std::move(ids));
}

}  // namespace kinora::media
