#include "base/json.hpp"
#include "modules/media/jobs/workers.hpp"

namespace kinora::media {

namespace {

Output output_of(const Rendition& rendition, std::string quality, std::string kind) {
  return {.name = "hls/" + quality + ".mp4",
          .kind = std::move(kind),
          .content_type = rendition.height > 0 ? "video/mp4" : "audio/mp4",
          .file = rendition.file,
          .detail = to_json(index_of(rendition))};
}

RungRequest first_rung_of(const MediaInfo& info) {
  const auto heights = ladder_heights(info);
  if (fits_copy(info)) return {heights.back(), CopyOrEncode::copy};
  return {heights.front(), CopyOrEncode::encode};
}

}  // namespace

Task<jobs::Outcome> FirstRungWorker::work(jobs::Context context, FirstRung args) {
  auto made = co_await make(std::move(context));
  co_return made ? jobs::done(write, args.video, std::move(made->assets), std::move(made->variant))
                 : jobs::outcome_of(made.error());
}

Task<Result<FirstRungWorker::Made>> FirstRungWorker::make(jobs::Context context) {
  const auto source = co_await ok(open_source(bench_, context.job()));
  const auto& input = source.file.path();
  Made made;
  if (source.info.audio) {
    const auto sound = co_await ok(bench_.tool.audio_rendition(input, source.info, context.scratch(), context.progress_sink()));
    auto output =
        output_of(sound, "audio-" + (source.info.audio->language.empty() ? "und" : source.info.audio->language), "sound");
    made.assets.push_back(co_await ok(bench_.media.keep_file(context, source.video, std::move(output))));
  }
  if (source.info.video) {
    const auto rung = first_rung_of(source.info);
    const auto picture =
        co_await ok(bench_.tool.video_rendition(input, source.info, rung, context.scratch(), context.progress_sink()));
    const auto quality = std::to_string(rung.height) + "p";
    auto asset = co_await ok(bench_.media.keep_file(context, source.video, output_of(picture, quality, "picture")));
    made.variant = Variant{.id = bench_.random.id<VariantId>(bench_.clock),
                           .quality = quality,
                           .codec = picture.codecs,
                           .key = asset.key,
                           .width = picture.width,
                           .height = picture.height,
                           .frames_per_second = picture.frames_per_second,
                           .bits_per_second = picture.average_bits_per_second(),
                           .size_bytes = asset.size_bytes};
    made.assets.push_back(std::move(asset));
  }
  co_return made;
}

Task<Result<void>> FirstRungWorker::write(Transaction tx, VideoId video, std::vector<KeptFile> assets,
                                          std::optional<Variant> variant) {
  for (const auto& asset : assets) co_await ok(name_file(tx, asset));
  if (variant) co_await ok(put_variant(tx, video, *std::move(variant)));
  co_return {};
}

}  // namespace kinora::media
