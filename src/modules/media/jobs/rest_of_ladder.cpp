#include "modules/media/jobs/ladder.hpp"

namespace kinora::media {

Task<jobs::Outcome> RestOfLadderWorker::work(jobs::Context context, RestOfLadder) {
  const auto made = co_await make(std::move(context));
  co_return made ? jobs::done() : jobs::outcome_of(made.error());
}

// Rungs that are there are not made again: a retry goes on behind them, a reprocess makes what is missing.
Task<Result<void>> RestOfLadderWorker::make(jobs::Context context) {
  const auto source = co_await ok(open_source(bench_, context.job()));
  const auto there = co_await ok(context.write(variants_of, source.video.id()));
  const auto heights = missing_rungs(source.info, there);
  if (!heights.empty()) co_await ok(make_rungs(context, source.video, source.file.path(), source.info, heights));
  if (bench_.media.plain_files() == PlainFiles::keep) co_await ok(make_plain_files(bench_, context, source.video));
  co_return {};
}

Task<Result<void>> RestOfLadderWorker::make_rungs(jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                                  MediaInfo info, std::vector<int> heights) {
  const auto made = co_await ok(bench_.tool.encoded_pictures(input, info, heights, context.scratch(), context.progress_sink()));
  for (std::size_t at = 0; at < made.size(); ++at) {
    auto picture = co_await ok(keep_picture(bench_, context, video, made[at], heights[at]));
    co_await ok(context.write(name_picture, std::move(picture)));
  }
  co_return {};
}

}  // namespace kinora::media
