#include <filesystem>

#include "base/json.hpp"
#include "base/numbers.hpp"
#include "modules/media/media.hpp"
#include "modules/media/playlists.hpp"
#include "modules/media/source_types.hpp"
#include "modules/media/store.hpp"
#include "modules/media/storyboard.hpp"
#include "modules/media/visibility.hpp"

/// What stands behind a media link: playlists, pieces of renditions, pictures, captions, the source.
namespace kinora::media {

namespace {

constexpr std::string_view sprite_name = "storyboard.jpg";
constexpr std::string_view cues_name = "storyboard.vtt";

/// Within one step a video has one address, and what a browser has of it is not fetched again.
using GrantStep = std::chrono::duration<std::int64_t, std::ratio<1800>>;
std::unexpected<Error> no_such_file(const std::string& path) {
  return fail(ErrorKind::not_found, "this video has no file " + path.substr(0, 80));
}

Result<Rung> rung_of(const Asset& asset) {
  auto index = from_json_text<RenditionIndex>(asset.detail.value_or("{}"));
  if (!index) return std::unexpected(std::move(index.error()));
  // hls/360p.mp4 -> 360p
  return Rung{std::filesystem::path(asset.name).stem().string(), *std::move(index)};
}

Task<Result<std::vector<Rung>>> rungs_of_kind(Transaction tx, VideoId video, std::string kind) {
  std::vector<Rung> rungs;
  const auto assets = co_await ok(assets_of_kind(tx, video, std::move(kind)));
  for (const auto& asset : assets) rungs.push_back(co_await ok(rung_of(asset)));
  std::ranges::sort(rungs, {}, [](const Rung& rung) { return rung.index.peak_bits_per_second; });
  co_return rungs;
}

Task<Result<std::string>> read_master(Transaction tx, VideoId video) {
  const auto pictures = co_await ok(rungs_of_kind(tx, video, "picture"));
  const auto sounds = co_await ok(rungs_of_kind(tx, video, "sound"));
  if (pictures.empty() && sounds.empty()) co_return no_such_file("master.m3u8");
  std::vector<std::string> captions;
  const auto files = co_await ok(assets_of_kind(tx, video, "captions"));
  for (const auto& file : files) captions.push_back(file.language.value_or("und"));
  co_return master_playlist(pictures, sounds, captions);
}

/// init.mp4 or {n}.m4s as a range of the rendition's blob.
Result<MediaBlob> segment_of(const ServedAsset& asset, const RenditionIndex& index, std::string_view name) {
  MediaBlob blob{.content_type = asset.content_type,
                 .key = {asset.key},
                 .range = {},
                 .size_bytes = 0,
                 .etag = asset.sha256,
                 .is_lasting = true};
  if (name == "init.mp4") {
    blob.range = {0, index.init_size};
    blob.size_bytes = index.init_size;
  } else {
    constexpr std::string_view ending = ".m4s";
    const auto number =
        name.ends_with(ending) ? number_of<std::size_t>(name.substr(0, name.size() - ending.size())) : std::nullopt;
    if (!number || *number >= index.segments.size()) return no_such_file(std::string(name));
    const auto& segment = index.segments[*number];
    blob.range = {segment.offset, segment.size};
    blob.size_bytes = segment.size;
  }
  blob.etag = asset.sha256.substr(0, 32) + "-" + std::to_string(blob.range.offset);
  return blob;
}

/// A player asks for hundreds of segments of one rendition: its index is read once.
Task<Result<std::shared_ptr<const RenditionIndex>>> index_behind(Transaction tx, VideoId video, std::string name,
                                                                 std::string key, RenditionIndexes* indexes) {
  if (auto known = indexes->find(key)) co_return *std::move(known);
  const auto asset = co_await ok(find_asset(tx, video, name));
  if (!asset) co_return no_such_file(name);
  auto rung = co_await ok(rung_of(*asset));
  const auto index = std::make_shared<const RenditionIndex>(std::move(rung.index));
  indexes->put(key, index);
  co_return index;
}

/// {quality}/index.m3u8, {quality}/init.mp4, {quality}/{n}.m4s
Task<Result<MediaResource>> read_rendition(Transaction tx, VideoId video, std::string quality, std::string name,
                                           RenditionIndexes* indexes) {
  const auto asset = co_await ok(find_served_asset(tx, video, rendition_name(quality)));
  if (!asset) co_return no_such_file(quality + "/" + name);
  const auto index = co_await ok(index_behind(tx, video, rendition_name(quality), asset->key, indexes));
  if (name == "index.m3u8") co_return MediaText{"application/vnd.apple.mpegurl", media_playlist(*index)};
  co_return co_await ok(segment_of(*asset, *index, name));
}

Task<Result<MediaResource>> read_file(Transaction tx, VideoId video, std::string name) {
  const auto asset = co_await ok(find_asset(tx, video, name));
  if (!asset) co_return no_such_file(name);
  const auto size = static_cast<std::uint64_t>(asset->size_bytes);
  co_return MediaBlob{asset->content_type, {asset->key}, {0, size}, size, asset->sha256.substr(0, 32)};
}

/// As it was uploaded.
Task<Result<MediaResource>> read_source(Transaction tx, Grant grant) {
  if (grant.reach != Reach::source)
    co_return fail(ErrorKind::forbidden, "this link opens what is shown of the video, not the file that was uploaded");
  const auto video = co_await ok(get_video(tx, grant.video));
  const auto known = co_await ok(facts(tx, grant.video));
  const auto type = source_type(video.info);
  const auto size = static_cast<std::uint64_t>(video.size_bytes);
  MediaBlob blob{std::string(type.content_type), {video.source_key}, {0, size}, size, known.source_sha256.substr(0, 32)};
  blob.filename = video.title + std::string(type.extension);
  co_return blob;
}

Task<Result<MediaText>> read_storyboard(Transaction tx, VideoId video, std::string sprite) {
  const auto row = co_await ok(get_video(tx, video));
  const auto asset = co_await ok(find_asset(tx, video, std::string(sprite_name)));
  if (!asset || !row.duration) co_return fail(ErrorKind::not_found, "this video has no storyboard");
  const auto grid = co_await ok(from_json_text<StoryboardGrid>(asset->detail.value_or("{}")));
  co_return MediaText{"text/vtt; charset=utf-8", storyboard_cues(grid, *row.duration, sprite)};
}

/// poster.jpg, captions/{language}.vtt, and captions/{language}.m3u8, which wraps the latter for HLS players.
Task<Result<MediaResource>> read_captions_or_file(Transaction tx, VideoId video, std::string path) {
  if (!path.ends_with(".m3u8")) co_return co_await read_file(tx, video, std::move(path));
  const auto row = co_await ok(get_video(tx, video));
  const auto vtt = path.substr(0, path.size() - 5) + ".vtt";
  const auto asset = co_await ok(find_asset(tx, video, vtt));
  if (!asset || !row.duration) co_return no_such_file(path);
  auto playlist = captions_playlist(std::filesystem::path(vtt).filename().string(), *row.duration);
  co_return MediaText{"application/vnd.apple.mpegurl", std::move(playlist)};
}

/// Files whose addresses everybody gets who sees the video.
struct Shown {
  std::vector<Asset> posters;
  std::vector<Asset> captions;
};
Task<Result<Shown>> read_shown(Transaction tx, VideoId video) {
  auto posters = co_await ok(assets_of_kind(tx, video, "poster"));
  auto captions = co_await ok(assets_of_kind(tx, video, "captions"));
  co_return Shown{std::move(posters), std::move(captions)};
}

/// The grant is checked against the video of this moment: delete and a change of visibility void it at once.
Task<Result<MediaResource>> read_resource(Transaction tx, Grant grant, std::string path, RenditionIndexes* indexes) {
  const auto epoch = co_await ok(find_playback_epoch(tx, grant.video));
  if (epoch != grant.epoch) co_return no_such_file(path);
  if (path == "master.m3u8") co_return MediaText{"application/vnd.apple.mpegurl", co_await ok(read_master(tx, grant.video))};
  if (path == cues_name) co_return co_await ok(read_storyboard(tx, grant.video, std::string(sprite_name)));
  if (path == "source") co_return co_await read_source(tx, grant);
  if (path.starts_with("variants/")) co_return co_await read_file(tx, grant.video, path);
  const auto slash = path.find('/');
  if (slash == std::string::npos || path.starts_with("captions/"))
    co_return co_await read_captions_or_file(tx, grant.video, path);
  co_return co_await read_rendition(tx, grant.video, path.substr(0, slash), path.substr(slash + 1), indexes);
}

}  // namespace

Task<Result<LocalFile>> Media::open_file(OwnedVideo video, std::string name) {
  const auto asset = co_await ok(database_.read(Caller::system("media"), find_asset, video.id(), name));
  if (!asset) co_return no_such_file(name);
  co_return co_await blobs_.materialise({asset->key});
}

Task<Result<Addresses>> Media::addresses(Caller caller, VisibleVideo video) {
  const auto expires_at = std::chrono::ceil<GrantStep>(clock_.now()) + settings_.grant_lifetime;
  const auto epoch = static_cast<std::uint32_t>(video.video().playback_epoch);
  const Grant grant{video.id(), epoch, expires_at, may_change(caller, video.video()) ? Reach::source : Reach::shown};
  Addresses addresses{.base = "/media/" + grants_.issue(grant), .expires_at = expires_at};
  const auto shown = co_await ok(database_.read(caller, read_shown, video.id()));
  if (!shown.posters.empty()) addresses.poster = addresses.base + "/" + shown.posters.front().name;
  for (const auto& file : shown.captions)
    addresses.captions.emplace_back(file.language.value_or("und"), addresses.base + "/" + file.name);
  co_return addresses;
}

Task<Result<Playback>> Media::playback(Caller caller, VisibleVideo video) {
  auto variants = co_await ok(database_.read(caller, variants_of, video.id()));
  const auto master = co_await database_.read(caller, read_master, video.id());
  if (!master && master.error().kind != ErrorKind::not_found) co_return std::unexpected(master.error());
  if (!master)
    co_return fail(ErrorKind::conflict, "this video cannot be played yet; its first rendition is being made", "not_ready");
  const auto board = co_await ok(database_.read(caller, find_asset, video.id(), std::string(sprite_name)));
  auto files = co_await ok(addresses(caller, std::move(video)));
  Playback playback{files.base + "/master.m3u8", files, std::move(variants)};
  if (board) playback.storyboard = files.base + "/" + std::string(cues_name);
  co_return playback;
}

Task<Result<std::vector<Variant>>> Media::variants(Caller caller, VisibleVideo video) {
  return database_.read(caller, variants_of, video.id());
}

Task<Result<MediaText>> Media::storyboard(Caller caller, VisibleVideo video) {
  const auto id = video.id();
  const auto files = co_await ok(addresses(caller, std::move(video)));
  co_return co_await database_.read(caller, read_storyboard, id, files.base + "/" + std::string(sprite_name));
}

Task<Result<MediaResource>> Media::resolve(std::string grant, std::string path) {
  const auto granted = co_await ok(grants_.read(grant, clock_.now()));
  co_return co_await database_.read(Caller{}, read_resource, granted, std::move(path), &indexes_);
}

Task<Result<std::unique_ptr<BlobReader>>> Media::open(MediaBlob blob, ByteRange within) {
  within.offset += blob.range.offset;
  if (!within.length) within.length = blob.range.offset + blob.size_bytes - within.offset;
  return blobs_.open(std::move(blob.key), within);
}

}  // namespace kinora::media
