#include <algorithm>

#include "api/v1/resources.hpp"

namespace kinora::api::v1 {

namespace {

bool may_still_come(const std::vector<pipeline::StageView>& stages, std::string_view name) {
  const auto stage = std::ranges::find(stages, name, &pipeline::StageView::name);
  return stage != stages.end() && (stage->state == "waiting" || stage->state == "queued" || stage->state == "running");
}

}  // namespace

Task<Result<ListView<VariantView>>> list_variants(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto variants = co_await ok(app.media.variants(caller, visible));
  const auto files = co_await ok(app.media.addresses(caller, std::move(visible)));
  ListView<VariantView> list;
  for (const auto& variant : variants) list.data.push_back(view_of(ask.path.id, variant, files));
  co_return list;
}

Task<Result<http::Plain>> show_storyboard(Services& app, Caller caller, OneVideo ask) {
  auto visible = co_await ok(app.media.find(caller, ask.path.id));
  const auto stages = co_await ok(app.pipeline.stages_of(caller, visible));
  auto cues = co_await app.media.storyboard(caller, std::move(visible));
  if (!cues && cues.error().kind == ErrorKind::not_found && may_still_come(stages, "storyboard"))
    co_return fail(ErrorKind::conflict, "the storyboard of this video is still being made; ask again later", "not_ready");
  auto text = co_await ok(std::move(cues));
  co_return http::Plain{.content_type = std::move(text.content_type), .body = std::move(text.body)};
}

}  // namespace kinora::api::v1
