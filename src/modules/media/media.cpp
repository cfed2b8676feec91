#include "modules/media/media.hpp"

#include "base/failpoints.hpp"
#include "jobs/store.hpp"
#include "modules/media/intake.hpp"
#include "modules/media/store.hpp"
#include "modules/media/upload_store.hpp"

namespace kinora::media {

namespace {

constexpr std::int64_t erased_at_once = 100;

std::unexpected<Error> no_such_video(VideoId id) { return fail(ErrorKind::not_found, "there is no video " + id.text()); }

/// Who is nobody learns neither that there is such a video nor that there is none.
std::unexpected<Error> hidden(const Caller& caller, const std::string& name) {
  if (caller.kind == Caller::Kind::anonymous) return fail(ErrorKind::unauthorised, "sign in to see this video");
  return fail(ErrorKind::not_found, "there is no video " + name);
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

}  // namespace kinora::media
