#include "api/v1/search_videos.hpp"

#include <algorithm>
#include <bit>

#include "api/shared/intake.hpp"
#include "api/shared/paging.hpp"

namespace kinora::api::v1 {

namespace {

using media::ListOrder;
using search::FoundVideo;

/// What an order looks at; the id decides among equals.
struct Key {
  double number = 0;
  std::string text;
  VideoId id{};

  friend auto operator<=>(const Key&, const Key&) = default;
};
/// As a cursor holds it: exactly.
struct SealedKey {
  std::int64_t number_bits = 0;
  std::string text;
  VideoId id{};
};

bool falls(FoundOrder order) {
  return order == FoundOrder::relevance || order == FoundOrder::newest || order == FoundOrder::title_down ||
         order == FoundOrder::longest;
}

Key key_of(FoundOrder order, const FoundVideo& found) {
  const auto& video = found.video;
  switch (order) {
    case FoundOrder::relevance: return {.number = found.score, .text = {}, .id = video.id};
    case FoundOrder::newest:
    case FoundOrder::oldest:
      return {.number = static_cast<double>(video.created_at.time_since_epoch().count()), .text = {}, .id = video.id};
    case FoundOrder::title:
    case FoundOrder::title_down: return {.text = video.title, .id = video.id};
    case FoundOrder::shortest:
    case FoundOrder::longest: return {.number = video.duration.value_or(Seconds(-1)).count(), .text = {}, .id = video.id};
  }
  return {};
}

void sort(std::vector<FoundVideo>& found, FoundOrder order) {
  std::ranges::sort(found, [order](const FoundVideo& one, const FoundVideo& other) {
    return falls(order) ? key_of(order, other) < key_of(order, one) : key_of(order, one) < key_of(order, other);
  });
}

void drop_up_to(std::vector<FoundVideo>& found, FoundOrder order, const SealedKey& last) {
  const Key end{std::bit_cast<double>(last.number_bits), last.text, last.id};
  std::erase_if(found,
                [&](const FoundVideo& each) { return falls(order) ? key_of(order, each) >= end : key_of(order, each) <= end; });
}

Result<search::VideoQuery> query_of(const SearchVideos::Query& asked) {
  search::VideoQuery query{.text = asked.q ? asked.q->value : std::string()};
  if (asked.fields) query.fields.assign(asked.fields->begin(), asked.fields->end());
  if (asked.status) query.videos.status = *asked.status;
  query.videos.channel = asked.channel_id;
  if (asked.language) query.videos.language = asked.language->value;
  if (auto spanned = set_span(query.videos, asked.created_after, asked.created_before); !spanned)
    return std::unexpected(std::move(spanned.error()));
  return query;
}

/// Whose videos are wanted; nothing: anyone's.
Task<Result<std::optional<std::vector<UserId>>>> owners_of(Services& app, Caller caller, SearchVideos::Query asked) {
  std::optional<std::vector<UserId>> owners;
  if (asked.user) owners = co_await ok(app.accounts.named(std::move(caller), asked.user->value));
  if (!asked.user_id) co_return owners;
  const bool is_called_so = !owners || std::ranges::find(*owners, *asked.user_id) != owners->end();
  owners.emplace();
  if (is_called_so) owners->push_back(*asked.user_id);
  co_return owners;
}

boost::json::object highlights_of(const FoundVideo& found) {
  boost::json::object highlights;
  for (const auto& [field, text] : found.passages) {
    auto& texts = highlights[name_of(field)];
    if (!texts.is_array()) texts.emplace_array();
    texts.as_array().emplace_back(text);
  }
  return highlights;
}

struct MomentOfVideoView {
  Seconds start{};
  Seconds end{};
  std::string text;
  double score = 0;
};

/// The video, and what was found in it, in one object.
Result<boost::json::value> view_of(const VideoView& video, const FoundVideo& found, bool highlight) {
  auto view = parse_json(to_json(video));
  if (!view) return view;
  auto& object = view->as_object();
  object["score"] = found.score;
  object["highlights"] = highlight ? highlights_of(found) : boost::json::object();
  std::vector<MomentOfVideoView> moments;
  for (const auto& moment : found.moments) moments.push_back({moment.start, moment.end, moment.text, moment.score});
  auto shown = parse_json(to_json(moments));
  if (!shown) return shown;
  object["moments"] = *std::move(shown);
  return view;
}

}  // namespace

Task<Result<FoundVideosView>> search_videos(Services& app, Caller caller, SearchVideos ask) {
  const auto began = std::chrono::steady_clock::now();
  const auto order = ask.query.sort.value;
  const auto place = co_await ok(place_of<SealedKey>(app.cursors, caller, ask.query.page));
  auto query = co_await ok(query_of(ask.query));
  query.videos.owners = co_await ok(owners_of(app, caller, ask.query));
  auto found = co_await ok(app.video_search.find(caller, std::move(query)));
  sort(found, order);
  if (place) drop_up_to(found, order, *place);

  FoundVideosView list{.has_more = cut_to_page(found, ask.query.page.limit)};
  for (const auto& each : found) {
    auto video = co_await show(app, caller, each.video.id);
    if (!video && video.error().kind == ErrorKind::not_found) continue;  // hidden this moment
    const auto shown = co_await ok(std::move(video));
    list.data.push_back(co_await ok(view_of(shown, each, ask.query.highlight)));
  }
  if (list.has_more) {
    auto [number, text, id] = key_of(order, found.back());
    const SealedKey last{std::bit_cast<std::int64_t>(number), std::move(text), id};
    list.next_cursor = cursor_of(app.cursors, caller, ask.query.page, last);
  }
  list.took_ms = (std::chrono::steady_clock::now() - began) / 1ms;
  co_return list;
}

}  // namespace kinora::api::v1
