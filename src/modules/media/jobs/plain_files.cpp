#include "modules/media/jobs/ladder.hpp"

namespace kinora::media {

namespace {

Task<Result<KeptFile>> make_plain_file(Bench bench, jobs::Context context, OwnedVideo video, std::string quality,
                                       std::optional<std::filesystem::path> sound) {
  const auto picture = co_await ok(bench.media.open_file(video, rendition_name(quality)));
  auto made = co_await ok(bench.tool.plain_file(picture.path(), std::move(sound), context.scratch()));
  Output output{.name = plain_name(quality), .kind = "plain", .content_type = "video/mp4", .file = std::move(made)};
  co_return co_await bench.media.keep_file(context, std::move(video), std::move(output));
}

}  // namespace

Task<Result<void>> make_plain_files(Bench bench, jobs::Context context, OwnedVideo video) {
  const auto variants = co_await ok(context.write(variants_of, video.id()));
  const auto sounds = co_await ok(context.write(assets_of_kind, video.id(), std::string("sound")));
  std::optional<LocalFile> sound;
  if (!sounds.empty()) sound.emplace(co_await ok(bench.media.open_file(video, sounds.front().name)));
  for (const auto& variant : variants) {
    if (variant.is_plain_file) continue;
    const auto path = sound ? std::optional(sound->path()) : std::nullopt;
    auto file = co_await ok(make_plain_file(bench, context, video, variant.quality, path));
    co_await ok(context.write(name_file, std::move(file)));
  }
  co_return {};
}

}  // namespace kinora::media
