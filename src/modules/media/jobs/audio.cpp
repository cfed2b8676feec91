#include "modules/media/jobs/workers.hpp"

namespace kinora::media {

Task<jobs::Outcome> AudioWorker::work(jobs::Context context, Audio) {
  auto asset = co_await make(std::move(context));
  co_return asset ? jobs::done(name_file, *std::move(asset)) : jobs::outcome_of(asset.error());
}

Task<Result<KeptFile>> AudioWorker::make(jobs::Context context) {
  auto source = co_await ok(open_source(bench_, context.job()));
  auto wav = co_await ok(bench_.tool.speech_audio(source.file.path(), source.info, context.scratch(), context.progress_sink()));
  Output output{.name = "speech.wav", .kind = "speech_audio", .content_type = "audio/wav", .file = std::move(wav)};
  co_return co_await bench_.media.keep_file(context, std::move(source.video), std::move(output));
}

}  // namespace kinora::media
