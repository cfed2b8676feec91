#include "modules/media/media.hpp"

#include <charconv>
#include <filesystem>

#include "base/failpoints.hpp"
#include "base/json.hpp"
#include "jobs/store.hpp"
#include "modules/media/intake.hpp"
#include "modules/media/playlists.hpp"
#include "modules/media/source_types.hpp"
#include "modules/media/store.hpp"
#include "modules/media/storyboard.hpp"
#include "modules/media/upload_store.hpp"

namespace kinora::media {

namespace {

constexpr std::string_view sprite_name = "storyboard.jpg";
constexpr std::string_view cues_name = "storyboard.vtt";

/// Within one step a video has one address, and what a browser has of it is not fetched again.
using GrantStep = std::chrono::duration<std::int64_t, std::ratio<1800>>;
constexpr std::int64_t erased_at_once = 100;

std::unexpected<Error> no_such_video(VideoId id) { return fail(ErrorKind::not_found, "there is no video " + id.text()); }

/// Who is nobody learns neither that there is such a video nor that there is none.
std::unexpected<Error> hidden(const Caller& caller, const std::string& name) {
  if (caller.kind == Caller::Kind::anonymous) return fail(ErrorKind::unauthorised, "sign in to see this video");
  return fail(ErrorKind::not_found, "there is no video " + name);
}

std::unexpected<Error> no_such_file(const std::string& path) {
  return fail(ErrorKind::not_found, "this video has no file " + path.substr(0, 80));
}

/// The row, its blob and the root of its processing: all or nothing.
Task<Result<Accepted>> create_video(Transaction tx, NewVideoRow row, OnVideoAccepted* observer) {
  co_await ok(make_blob_live(tx, row.key, row.sha256, row.size_bytes));
  co_await ok(insert_video(tx, row));
  const auto root = co_await ok(start_processing(tx, row.id, row.owner, observer));
  co_await ok(tx.made(row.id));
  co_return Accepted{co_await ok(get_video(tx, row.id)), root};
}

Task<Result<Video>> change_video(Transaction tx, VideoId id, VideoChange change, jobs::EventLog* events) {
  auto video = co_await ok(get_video(tx, id));
  co_await ok(require_version(video.version, change.if_version));
  const bool stays_visible = video.visibility == change.visibility.value_or(video.visibility);
  if (change.title) video.title = *std::move(change.title);
  if (change.description) video.description = *std::move(change.description);
  if (change.visibility) video.visibility = *change.visibility;
  if (change.language) video.language = *std::move(change.language);
  if (change.tags) video.tags = *std::move(change.tags);
  if (!stays_visible) ++video.playback_epoch;
  co_await ok(update_video(tx, video));
  co_await ok(events->publish(tx, {"video.updated", id.uuid, video.owner}));
  co_return co_await get_video(tx, id);
}

Task<Result<void>> delete_video(Transaction tx, VideoId id, IfVersion if_version, jobs::EventLog* events) {
  const auto video = co_await ok(get_video(tx, id));
  co_await ok(require_version(video.version, if_version));
  co_await ok(hide_video(tx, id));
  co_await ok(may_fail("media.delete"));
  co_return co_await events->publish(tx, {"video.deleted", id.uuid, video.owner});
}

Task<Result<Video>> restore_video(Transaction tx, VideoId id, UserId owner, jobs::EventLog* events) {
  if (!co_await ok(show_video_again(tx, id, Media::restorable_for))) co_return no_such_video(id);
  co_await ok(events->publish(tx, {"video.restored", id.uuid, owner}));
  co_return co_await get_video(tx, id);
}

Task<Result<void>> purge_video(Transaction tx, VideoId id, jobs::EventLog* events) {
  const auto video = co_await ok(find_video(tx, id));
  if (!video) co_return {};
  co_await ok(jobs::cancel_live(tx, {"video", id.uuid}));
  co_await ok(doom_blobs_of(tx, id));
  co_await ok(may_fail("media.purge"));
  co_await ok(delete_video_row(tx, id));
  co_return co_await events->publish(tx, {"video.purged", id.uuid, video->owner});
}

/// As it is now, not as whoever found it saw it: its last piece may have come meanwhile. Of a finished one only the row is old,
/// and the video of an unfinished one, which has no bytes, goes with it.
Task<Result<void>> end_upload(Transaction tx, UploadId id, jobs::EventLog* events) {
  const auto upload = co_await ok(find_upload(tx, id));
  if (!upload) co_return {};
  if (upload->state == UploadState::open) co_await ok(purge_video(tx, upload->video, events));
  co_await ok(may_fail("uploads.expire"));
  co_return co_await delete_upload(tx, id);
}

Task<Result<std::vector<Video>>> find_videos(Transaction tx, std::vector<VideoId> ids) {
  std::vector<Video> videos;
  for (const auto id : ids) {
    auto video = co_await ok(find_video(tx, id));
    if (video) videos.push_back(*std::move(video));
  }
  co_return videos;
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
Result<MediaBlob> segment_of(const Asset& asset, const RenditionIndex& index, std::string_view name) {
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
    std::size_t number = 0;
    const auto [end, code] = std::from_chars(name.data(), name.data() + name.size(), number);
    const bool known = code == std::errc() && std::string_view(end, name.data() + name.size()) == ".m4s";
    if (!known || number >= index.segments.size()) return no_such_file(std::string(name));
    const auto& segment = index.segments[number];
    blob.range = {segment.offset, segment.size};
    blob.size_bytes = segment.size;
  }
  blob.etag = asset.sha256.substr(0, 32) + "-" + std::to_string(blob.range.offset);
  return blob;
}

/// {quality}/index.m3u8, {quality}/init.mp4, {quality}/{n}.m4s
Task<Result<MediaResource>> read_rendition(Transaction tx, VideoId video, std::string quality, std::string name) {
  const auto asset = co_await ok(find_asset(tx, video, rendition_name(quality)));
  if (!asset) co_return no_such_file(quality + "/" + name);
  const auto rung = co_await ok(rung_of(*asset));
  if (name == "index.m3u8") co_return MediaText{"application/vnd.apple.mpegurl", media_playlist(rung.index)};
  co_return co_await ok(segment_of(*asset, rung.index, name));
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
Task<Result<MediaResource>> read_resource(Transaction tx, Grant grant, std::string path) {
  const auto epoch = co_await ok(find_playback_epoch(tx, grant.video));
  if (epoch != grant.epoch) co_return no_such_file(path);
  if (path == "master.m3u8") co_return MediaText{"application/vnd.apple.mpegurl", co_await ok(read_master(tx, grant.video))};
  if (path == cues_name) co_return co_await ok(read_storyboard(tx, grant.video, std::string(sprite_name)));
  if (path == "source") co_return co_await read_source(tx, grant);
  if (path.starts_with("variants/")) co_return co_await read_file(tx, grant.video, path);
  const auto slash = path.find('/');
  if (slash == std::string::npos || path.starts_with("captions/"))
    co_return co_await read_captions_or_file(tx, grant.video, path);
  co_return co_await read_rendition(tx, grant.video, path.substr(0, slash), path.substr(slash + 1));
}

}  // namespace

Media::Media(Settings settings, Database& database, BlobStore& blobs, jobs::EventLog& events, Clock& clock, Random& random)
    : settings_(std::move(settings)),
      database_(database),
      blobs_(blobs),
      events_(events),
      clock_(clock),
      random_(random),
      grants_(settings_.grant_secret, settings_.previous_grant_secret) {}

Task<Result<VisibleVideo>> Media::find(Caller caller, VideoId id) {
  auto video = co_await ok(database_.read(caller, find_video, id));
  if (!video || !may_see(caller, *video)) co_return hidden(caller, id.text());
  co_return VisibleVideo(*std::move(video));
}

Task<Result<VideoId>> Media::numbered(Caller caller, std::int64_t number) {
  const auto video = co_await ok(database_.read(caller, find_numbered_video, number));
  if (!video || !(may_find(caller, *video) || may_restore(caller, *video))) co_return hidden(caller, std::to_string(number));
  co_return video->id;
}

Task<Result<OwnedVideo>> Media::owned(Caller caller, VideoId id) {
  auto video = co_await ok(database_.read(caller, find_video, id));
  if (!video || !may_change(caller, *video)) co_return no_such_video(id);
  co_return OwnedVideo(*std::move(video));
}

Task<Result<OwnedVideo>> Media::for_job(jobs::Job job) { return owned(Caller::system(job.id.text()), VideoId{job.subject.id}); }

Task<Result<std::vector<Video>>> Media::visible(Caller caller, std::vector<VideoId> ids) {
  auto videos = co_await ok(database_.read(caller, find_videos, std::move(ids)));
  std::erase_if(videos, [&](const Video& video) { return !may_see(caller, video); });
  co_return videos;
}

Task<Result<std::vector<Video>>> Media::list(Caller caller, ListQuery query) {
  return database_.scan(caller, list_videos, caller.user, std::move(query));
}

Task<Result<std::vector<Video>>> Media::findable(Caller caller, ListQuery query) {
  auto videos = co_await ok(database_.scan(caller, findable_videos, caller.user, std::move(query)));
  std::erase_if(videos, [&](const Video& video) { return !may_see(caller, video); });
  co_return videos;
}

Task<Result<Video>> Media::change(Caller caller, OwnedVideo video, VideoChange change) {
  return database_.transact(caller, change_video, video.id(), std::move(change), &events_);
}

Task<Result<void>> Media::remove(Caller caller, OwnedVideo video, IfVersion if_version) {
  return database_.transact(caller, delete_video, video.id(), if_version, &events_);
}

Task<Result<Video>> Media::restore(Caller caller, VideoId id) {
  const auto video = co_await ok(database_.read(caller, find_video, id));
  if (!video || !may_restore(caller, *video)) co_return no_such_video(id);
  co_return co_await database_.transact(caller, restore_video, id, video->owner, &events_);
}

Task<Result<void>> Media::purge(Caller caller, VideoId id) {
  co_await ok(database_.transact(std::move(caller), purge_video, id, &events_));
  may_end("media.purged");
  co_return {};
}

Task<Result<void>> Media::end_upload(Caller caller, UploadId id) {
  return database_.transact(std::move(caller), kinora::media::end_upload, id, &events_);
}

Task<Result<void>> Media::hide(Transaction tx, UserId owner) { return hide_videos_of(tx, owner); }

Task<Result<void>> Media::erase(Caller caller, UserId owner) {
  while (true) {
    const auto videos = co_await ok(database_.read(caller, videos_of, owner, erased_at_once));
    for (const auto video : videos) co_await ok(purge(caller, video));
    if (videos.empty()) co_return {};
  }
}

Task<Result<Intake>> Media::receive(Caller caller) {
  const auto video = random_.id<VideoId>(clock_);
  const auto key = co_await ok(parse_blob_key(source_key(caller.user, video)));
  const StagedBlob staged{random_.id<BlobId>(clock_), key.text, "video", video.uuid};
  co_await ok(database_.transact(caller, insert_staged_blob, staged));
  co_await ok(may_fail("media.staged"));
  auto writer = co_await ok(blobs_.open_writer(key));
  co_return Intake{video, key, std::move(writer)};
}

Result<void> Media::look_at(std::span<const std::byte> head) const {
  if (head.empty()) return fail(ErrorKind::invalid, "the file is empty; choose a video or audio file");
  return settings_.first_look(head);
}

Task<Result<Accepted>> Media::accept(Caller caller, Intake intake, std::string filename, NewVideo video) {
  const auto sha256 = co_await ok(intake.writer->finish(std::nullopt));
  const auto size = static_cast<std::int64_t>(intake.writer->committed_offset());
  const NewVideoRow row{intake.video, caller.user, intake.key.text, sha256.hex, size, titled(std::move(video), filename)};
  co_await ok(may_fail("media.accept"));
  auto accepted = co_await ok(database_.transact(caller, create_video, row, on_accepted_));
  may_end("media.accepted");
  co_return accepted;
}

Task<Result<LocalFile>> Media::open_file(OwnedVideo video, std::string name) {
  const auto asset = co_await ok(database_.read(Caller::system("media"), find_asset, video.id(), name));
  if (!asset) co_return no_such_file(name);
  co_return co_await blobs_.materialise({asset->key});
}

Task<Result<KeptFile>> Media::keep_file(jobs::Context context, OwnedVideo video, Output output) {
  const auto id = random_.id<BlobId>(clock_);
  const auto folder = "users/" + video.video().owner.canonical() + "/videos/" + video.id().canonical();
  // The blob's own id in the key: a retry or a reprocess never writes a key twice.
  const auto key = co_await ok(parse_blob_key(folder + "/" + id.uuid.base32() + "/" + output.name));
  const StagedBlob staged{id, key.text, "video", video.id().uuid};
  co_await ok(context.write(insert_staged_blob, staged));
  co_await ok(may_fail("media.keep"));
  const auto sha256 = co_await ok(blobs_.adopt(key, output.file));
  co_await ok(may_fail("media.kept"));
  const auto info = co_await ok(blobs_.stat(key));
  co_return KeptFile{.id = random_.id<AssetId>(clock_),
                     .video = video.id(),
                     .name = std::move(output.name),
                     .kind = std::move(output.kind),
                     .key = key.text,
                     .content_type = std::move(output.content_type),
                     .size_bytes = static_cast<std::int64_t>(info.size_bytes),
                     .sha256 = sha256.hex,
                     .detail = std::move(output.detail),
                     .language = std::move(output.language)};
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
  co_return co_await database_.read(Caller{}, read_resource, granted, std::move(path));
}

Task<Result<std::unique_ptr<BlobReader>>> Media::open(MediaBlob blob, ByteRange within) {
  within.offset += blob.range.offset;
  if (!within.length) within.length = blob.range.offset + blob.size_bytes - within.offset;
  return blobs_.open(std::move(blob.key), within);
}

}  // namespace kinora::media
