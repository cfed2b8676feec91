#include "modules/media/jobs/ladder.hpp"

#include <algorithm>

#include "base/json.hpp"

namespace kinora::media {

namespace {

Output output_of(const Rendition& rendition, std::string quality, std::string kind) {
  return {.name = rendition_name(quality),
          .kind = std::move(kind),
          .content_type = rendition.height > 0 ? "video/mp4" : "audio/mp4",
          .file = rendition.file,
          .detail = to_json(index_of(rendition))};
}

}  // namespace

std::string quality_of(int height) { return std::to_string(height) + "p"; }

std::vector<int> missing_rungs(const MediaInfo& info, const std::vector<Variant>& there) {
  auto heights = ladder_heights(info);
  std::erase_if(heights,
                [&](int height) { return std::ranges::find(there, quality_of(height), &Variant::quality) != there.end(); });
  return heights;
}

Task<Result<KeptFile>> make_sound(Bench bench, jobs::Context context, OwnedVideo video, std::filesystem::path input,
                                  MediaInfo info) {
  const auto sound = co_await ok(bench.tool.audio_rendition(input, info, context.scratch(), context.progress_sink()));
  const auto language = info.audio->language.empty() ? "und" : info.audio->language;
  co_return co_await bench.media.keep_file(context, std::move(video), output_of(sound, "audio-" + language, "sound"));
}

Task<Result<Picture>> keep_picture(Bench bench, jobs::Context context, OwnedVideo video, Rendition made, int height) {
  auto file = co_await ok(bench.media.keep_file(context, std::move(video), output_of(made, quality_of(height), "picture")));
  Variant variant{.id = bench.random.id<VariantId>(bench.clock),
                  .quality = quality_of(height),
                  .codec = made.codecs,
                  .key = file.key,
                  .width = made.width,
                  .height = made.height,
                  .frames_per_second = made.frames_per_second,
                  .bits_per_second = made.average_bits_per_second(),
                  .size_bytes = file.size_bytes};
  co_return Picture{std::move(file), std::move(variant)};
}

Task<Result<void>> name_picture(Transaction tx, Picture picture) {
  const auto video = picture.file.video;
  co_await ok(name_file(tx, std::move(picture.file)));
  co_return co_await put_variant(tx, video, std::move(picture.variant));
}

}  // namespace kinora::media
