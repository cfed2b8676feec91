#include <algorithm>

#include "modules/media/jobs/ladder.hpp"

namespace kinora::media {

Task<jobs::Outcome> RestOfLadderWorker::work(jobs::Context context, RestOfLadder) {
  const auto made = co_await make(std::move(context));
  co_return made ? jobs::done() : jobs::outcome_of(made.error());
}

// Each rung is the video's as soon as it is made, so players can climb; a retry goes on behind the last one.
Task<Result<void>> RestOfLadderWorker::make(jobs::Context context) {
  const auto source = co_await ok(open_source(bench_, context.job()));
  const auto there = co_await ok(context.write(variants_of, source.video.id()));
  const auto rungs = rest_of_ladder(source.info);
  for (std::size_t at = 0; at < rungs.size(); ++at) {
    if (std::ranges::find(there, quality_of(rungs[at].height), &Variant::quality) != there.end()) continue;
    auto progress = [whole = context.progress_sink(), at, count = rungs.size()](double fraction) {
      whole((static_cast<double>(at) + fraction) / static_cast<double>(count));
    };
    auto picture = co_await ok(
        make_picture(bench_, context, source.video, source.file.path(), source.info, rungs[at], std::move(progress)));
    co_await ok(context.write(name_picture, std::move(picture)));
  }
  co_return {};
}

}  // namespace kinora::media
