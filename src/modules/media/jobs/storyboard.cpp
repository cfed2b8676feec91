#include "base/json.hpp"
#include "modules/media/jobs/workers.hpp"

namespace kinora::media {

Task<jobs::Outcome> StoryboardWorker::work(jobs::Context context, MakeStoryboard) {
  auto file = co_await make(std::move(context));
  co_return file ? jobs::done(name_file, *std::move(file)) : jobs::outcome_of(file.error());
}

Task<Result<KeptFile>> StoryboardWorker::make(jobs::Context context) {
  auto source = co_await ok(open_source(bench_, context.job()));
  auto made = co_await ok(bench_.tool.storyboard(source.file.path(), source.info, context.scratch()));
  Output output{.name = "storyboard.jpg",
                .kind = "storyboard",
                .content_type = "image/jpeg",
                .file = std::move(made.file),
                .detail = to_json(made.grid)};
  co_return co_await bench_.media.keep_file(context, std::move(source.video), std::move(output));
}

}  // namespace kinora::media
