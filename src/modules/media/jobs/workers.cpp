#include "modules/media/jobs/workers.hpp"

namespace kinora::media {

Task<Result<Source>> open_source(Bench bench, jobs::Job job) {
  auto video = co_await ok(bench.media.for_job(std::move(job)));
  auto file = co_await ok(bench.blobs.materialise({video.video().source_key}));
  auto info = video.video().info.value_or(MediaInfo{});
  co_return Source{std::move(video), std::move(file), std::move(info)};
}

Task<Result<NewAsset>> keep_output(Bench bench, jobs::Context context, OwnedVideo video, Output output) {
  const auto id = bench.random.id<BlobId>(bench.clock);
  const auto folder = "users/" + video.video().owner.canonical() + "/videos/" + video.id().canonical();
  // The blob's own id in the key: a retry or a reprocess never writes a key twice.
  const auto key = co_await ok(parse_blob_key(folder + "/" + id.uuid.base32() + "/" + output.name));
  const StagedBlob staged{id, key.text, "video", video.id().uuid};
  co_await ok(context.write(insert_staged_blob, staged));
  const auto sha256 = co_await ok(bench.blobs.adopt(key, output.file));
  const auto info = co_await ok(bench.blobs.stat(key));
  co_return NewAsset{.id = bench.random.id<AssetId>(bench.clock),
                     .video = video.id(),
                     .name = std::move(output.name),
                     .kind = std::move(output.kind),
                     .key = key.text,
                     .content_type = std::move(output.content_type),
                     .size_bytes = static_cast<std::int64_t>(info.size_bytes),
                     .sha256 = sha256.hex,
                     .detail = std::move(output.detail)};
}

Task<jobs::Outcome> ProbeWorker::work(jobs::Context context, Probe args) {
  auto info = co_await probe(std::move(context));
  co_return info ? jobs::done(store_probe, args.video, *std::move(info)) : jobs::outcome_of(info.error());
}

Task<Result<MediaInfo>> ProbeWorker::probe(jobs::Context context) {
  const auto source = co_await ok(open_source(bench_, context.job()));
  co_return co_await bench_.tool.probe(source.file.path(), context.scratch());
}

Task<jobs::Outcome> AudioWorker::work(jobs::Context context, Audio) {
  auto asset = co_await make(std::move(context));
  co_return asset ? jobs::done(put_asset, *std::move(asset)) : jobs::outcome_of(asset.error());
}

Task<Result<NewAsset>> AudioWorker::make(jobs::Context context) {
  auto source = co_await ok(open_source(bench_, context.job()));
  auto wav = co_await ok(bench_.tool.speech_audio(source.file.path(), source.info, context.scratch(), context.progress_sink()));
  Output output{.name = "speech.wav", .kind = "speech_audio", .content_type = "audio/wav", .file = std::move(wav)};
  co_return co_await keep_output(bench_, context, std::move(source.video), std::move(output));
}

}  // namespace kinora::media
