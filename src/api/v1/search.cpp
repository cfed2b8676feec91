#include <algorithm>

#include "api/shared/paging.hpp"
#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

namespace {

/// Where a page of a ranked list ended: behind so many.
struct Rank {
  std::int64_t behind = 0;
};

search::Query query_of(const FindMoments::Query& asked) {
  search::Query query{.text = asked.q, .mode = asked.mode, .channel = asked.channel_id};
  if (asked.video_id) query.videos.push_back(*asked.video_id);
  if (asked.language) query.language = asked.language->value;
  return query;
}

}  // namespace

Task<Result<ListView<MomentView>>> find_moments(Services& app, Caller caller, FindMoments ask) {
  const auto& page = ask.query.page;
  const auto place = co_await ok(place_of<Rank>(app.cursors, caller, page));
  const auto behind = place.value_or(Rank{}).behind;
  auto query = query_of(ask.query);
  query.limit = static_cast<std::size_t>(behind) + page.limit + 1;
  auto moments = co_await ok(app.search.find(caller, std::move(query)));
  moments.erase(moments.begin(), moments.begin() + std::min(behind, std::ssize(moments)));
  ListView<MomentView> list{.has_more = cut_to_page(moments, page.limit)};
  for (const auto& moment : moments) list.data.push_back(view_of(moment));
  if (list.has_more) list.next_cursor = cursor_of(app.cursors, caller, page, Rank{behind + std::ssize(moments)});
  co_return list;
}

}  // namespace kinora::api::v1
