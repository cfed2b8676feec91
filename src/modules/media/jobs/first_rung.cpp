#include "modules/media/jobs/ladder.hpp"

namespace kinora::media {

Task<jobs::Outcome> FirstRungWorker::work(jobs::Context context, FirstRung) {
  auto made = co_await make(std::move(context));
  co_return made ? jobs::done(write, std::move(made->sound), std::move(made->picture)) : jobs::outcome_of(made.error());
}

Task<Result<FirstRungWorker::Made>> FirstRungWorker::make(jobs::Context context) {
  const auto source = co_await ok(open_source(bench_, context.job()));
  const auto& input = source.file.path();
  Made made;
  if (source.info.audio) made.sound = co_await ok(make_sound(bench_, context, source.video, input, source.info));
  if (source.info.video) {
    const auto rung = first_rung_of(source.info);
    made.picture = co_await ok(make_picture(bench_, context, source.video, input, source.info, rung, context.progress_sink()));
  }
  co_return made;
}

Task<Result<void>> FirstRungWorker::write(Transaction tx, std::optional<KeptFile> sound, std::optional<Picture> picture) {
  if (sound) co_await ok(name_file(tx, *std::move(sound)));
  if (picture) co_await ok(name_picture(tx, *std::move(picture)));
  co_return {};
}

}  // namespace kinora::media
