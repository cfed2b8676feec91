#include "modules/media/jobs/ladder.hpp"

#include "base/json.hpp"

namespace kinora::media {

namespace {

Output output_of(const Rendition& rendition, std::string quality, std::string kind) {
  return {.name = "hls/" + quality + ".mp4",
          .kind = std::move(kind),
          .content_type = rendition.height > 0 ? "video/mp4" : "audio/mp4",
          .file = rendition.file,
          .detail = to_json(index_of(rendition))};
}

}  // namespace

std::string quality_of(int height) { return std::to_string(height) + "p"; }

RungRequest first_rung_of(const MediaInfo& info) {
  const auto heights = ladder_heights(info);
  if (fits_copy(info)) return {heights.back(), CopyOrEncode::copy};
  return {heights.front(), CopyOrEncode::encode};
}

std::vector<RungRequest> rest_of_ladder(const MediaInfo& info) {
  const auto first = first_rung_of(info);
  std::vector<RungRequest> rest;
  for (const auto height : ladder_heights(info))
    if (height != first.height) rest.push_back({height, CopyOrEncode::encode});
  return rest;
}

Task<Result<KeptFile>> make_sound(Bench bench, jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                  MediaInfo info) {
  const auto sound = co_await ok(bench.tool.audio_rendition(input, info, context.scratch(), context.progress_sink()));
  const auto language = info.audio->language.empty() ? "und" : info.audio->language;
  co_return co_await bench.media.keep_file(context, std::move(video), output_of(sound, "audio-" + language, "sound"));
}

Task<Result<Picture>> make_picture(Bench bench, jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                   MediaInfo info, RungRequest rung, ProgressSink progress) {
  const auto picture = co_await ok(bench.tool.video_rendition(input, info, rung, context.scratch(), std::move(progress)));
  auto file =
      co_await ok(bench.media.keep_file(context, std::move(video), output_of(picture, quality_of(rung.height), "picture")));
  Variant variant{.id = bench.random.id<VariantId>(bench.clock),
                  .quality = quality_of(rung.height),
                  .codec = picture.codecs,
                  .key = file.key,
                  .width = picture.width,
                  .height = picture.height,
                  .frames_per_second = picture.frames_per_second,
                  .bits_per_second = picture.average_bits_per_second(),
                  .size_bytes = file.size_bytes};
  co_return Picture{std::move(file), std::move(variant)};
}

Task<Result<void>> name_picture(Transaction tx, Picture picture) {
  const auto video = picture.file.video;
  co_await ok(name_file(tx, std::move(picture.file)));
  co_return co_await put_variant(tx, video, std::move(picture.variant));
}

}  // namespace kinora::media
