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
  if (source.info.video) made.picture = co_await ok(make_picture(context, source.video, input, source.info));
  co_return made;
}

// What makes a video playable soonest: a copy where it fits, else the lowest rung.
Task<Result<Picture>> FirstRungWorker::make_picture(jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                                    MediaInfo info) {
  const auto heights = ladder_heights(info);
  if (fits_copy(info)) {
    auto copied = co_await bench_.tool.copied_picture(input, info, context.scratch(), context.progress_sink());
    if (copied) co_return co_await keep_picture(bench_, context, std::move(video), *std::move(copied), heights.back());
    if (copied.error().kind != ErrorKind::unsupported) co_return std::unexpected(std::move(copied.error()));
  }
  const std::vector lowest = {heights.front()};
  auto made = co_await ok(bench_.tool.encoded_pictures(input, info, lowest, context.scratch(), context.progress_sink()));
  co_return co_await keep_picture(bench_, context, std::move(video), std::move(made.front()), heights.front());
}

Task<Result<void>> FirstRungWorker::write(Transaction tx, std::optional<KeptFile> sound, std::optional<Picture> picture) {
  if (sound) co_await ok(name_file(tx, *std::move(sound)));
  if (picture) co_await ok(name_picture(tx, *std::move(picture)));
  co_return {};
}

}  // namespace kinora::media
