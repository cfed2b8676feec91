#include "modules/media/jobs/workers.hpp"

namespace kinora::media {

Task<jobs::Outcome> PosterWorker::work(jobs::Context context, Poster) {
  auto file = co_await make(std::move(context));
  co_return file ? jobs::done(name_file, *std::move(file)) : jobs::outcome_of(file.error());
}

Task<Result<KeptFile>> PosterWorker::make(jobs::Context context) {
  auto source = co_await ok(open_source(bench_, context.job()));
  auto still = co_await ok(bench_.tool.poster(source.file.path(), source.info, context.scratch()));
  Output output{.name = "poster.jpg", .kind = "poster", .content_type = "image/jpeg", .file = std::move(still)};
  co_return co_await bench_.media.keep_file(context, std::move(source.video), std::move(output));
}

}  // namespace kinora::media
