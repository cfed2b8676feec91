#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

Task<Result<ListView<MomentView>>> find_moments(Services& app, Caller caller, FindMoments ask) {
  search::Query query{.text = ask.query.q, .mode = ask.query.mode, .limit = static_cast<std::size_t>(ask.query.limit)};
  if (ask.query.video_id) query.videos.push_back(*ask.query.video_id);
  if (ask.query.language) query.language = ask.query.language->value;
  const auto moments = co_await ok(app.search.find(std::move(caller), std::move(query)));
  ListView<MomentView> list;
  for (const auto& moment : moments) list.data.push_back(view_of(moment));
  co_return list;
}

}  // namespace kinora::api::v1
