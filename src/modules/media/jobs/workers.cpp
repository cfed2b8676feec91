#include "modules/media/jobs/workers.hpp"

#include "base/json.hpp"

namespace kinora::media {

namespace {

struct Found {
  MediaInfo output;
};

}  // namespace

Task<Result<Source>> open_source(Bench bench, jobs::Job job) {
  auto video = co_await ok(bench.media.for_job(std::move(job)));
  auto file = co_await ok(bench.blobs.materialise({video.video().source_key}));
  auto info = video.video().info.value_or(MediaInfo{});
  co_return Source{std::move(video), std::move(file), std::move(info)};
}

Task<jobs::Outcome> ProbeWorker::work(jobs::Context context, Probe args) {
  auto info = co_await probe(std::move(context));
  if (!info) co_return jobs::outcome_of(info.error());
  // All that later stages see of it: when a new probe finds the same, they need not run again.
  auto result = to_json(Found{*info});
  co_return jobs::with_result(jobs::done(store_probe, args.video, *std::move(info)), std::move(result));
}

Task<Result<MediaInfo>> ProbeWorker::probe(jobs::Context context) {
  const auto source = co_await ok(open_source(bench_, context.job()));
  co_return co_await bench_.tool.probe(source.file.path(), context.scratch());
}

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
