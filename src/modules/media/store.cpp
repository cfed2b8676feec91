#include "modules/media/store.hpp"

#include "base/json.hpp"

namespace kinora::media {

namespace {

constexpr Sql insert_blob{R"sql(
  INSERT INTO blobs (id, key, size, state, owner_type, owner_id, created_at)
  VALUES ($1, $2, 0, 'staged', $3, $4, db_now()))sql"};
constexpr Sql blob_live{R"sql(
  UPDATE blobs SET state = 'live', sha256 = $2, size = $3 WHERE key = $1 AND state = 'staged')sql"};
// The bytes of an open upload are staged for as long as it may go on.
constexpr Sql garbage{R"sql(
  SELECT id, key FROM blobs
  WHERE (state = 'doomed' AND doomed_at <= db_now() - $1)
     OR (state = 'staged' AND created_at <= db_now() - $1
         AND NOT EXISTS (SELECT 1 FROM uploads WHERE video_id = blobs.owner_id AND uploads.state = 'open'))
  ORDER BY created_at LIMIT $2)sql"};
constexpr Sql delete_blob_row{R"sql(DELETE FROM blobs WHERE id = $1 AND state <> 'live')sql"};
constexpr Sql blob_doomed{R"sql(UPDATE blobs SET state = 'doomed', doomed_at = db_now() WHERE key = $1)sql"};

// Those that were looked at longest ago first.
constexpr Sql unverified{R"sql(
  SELECT key, sha256, size FROM blobs
  WHERE state = 'live' AND COALESCE(verified_at, created_at) <= db_now() - $1
  ORDER BY COALESCE(verified_at, created_at) LIMIT $2)sql"};
constexpr Sql verified{R"sql(UPDATE blobs SET verified_at = db_now() WHERE key = $1)sql"};
constexpr Sql kind_of_asset{R"sql(SELECT kind FROM video_assets WHERE key = $1)sql"};
constexpr Sql forget_variant{R"sql(DELETE FROM video_variants WHERE key = $1)sql"};
constexpr Sql forget_asset{R"sql(DELETE FROM video_assets WHERE key = $1)sql"};

constexpr Sql insert_video_row{R"sql(
  INSERT INTO videos (id, number, user_id, title, description, status, visibility, source_kind, key, content_sha256, file_size,
                      language, tags, playback_epoch, ver, created_at, updated_at)
  VALUES ($1, $2, $3, $4, $5, 'pending', $6, 'upload', $7, $8, $9, $10, '[]', 1, 1, db_now(), db_now()))sql"};
// The highest of them all, also of those that an older program gave.
constexpr Sql next_number{R"sql(
  UPDATE video_numbers SET last = 1 + CASE WHEN last < (SELECT COALESCE(MAX(number), 0) FROM videos)
                                           THEN (SELECT MAX(number) FROM videos) ELSE last END
  RETURNING last)sql"};
constexpr Sql source_bytes{R"sql(
  UPDATE videos SET content_sha256 = $2, file_size = $3, updated_at = db_now() WHERE id = $1)sql"};
constexpr Sql root_job{R"sql(UPDATE videos SET root_job_id = $2 WHERE id = $1)sql"};

constexpr Sql video_by_id{R"sql(
  SELECT id, number, user_id, title, description, status, status_message, visibility, source_kind, key, file_size, duration,
         metadata, language, tags, playback_epoch, root_job_id, processed_at, deleted_at, ver, created_at, updated_at
  FROM videos WHERE id = $1)sql"};
constexpr Sql id_of_number{R"sql(SELECT id FROM videos WHERE number = $1)sql"};
constexpr Sql epoch_of_video{R"sql(SELECT playback_epoch FROM videos WHERE id = $1)sql"};
constexpr Sql source_hash{R"sql(SELECT content_sha256 FROM videos WHERE id = $1)sql"};

constexpr Sql update_video_row{R"sql(
  UPDATE videos SET title = $2, description = $3, visibility = $4, language = $5, tags = $6, playback_epoch = $7,
                    ver = ver + 1, updated_at = db_now()
  WHERE id = $1)sql"};
// The epoch rises: links that are out end at once, also after a restore.
constexpr Sql hide_row{R"sql(
  UPDATE videos SET deleted_at = db_now(), playback_epoch = playback_epoch + 1, ver = ver + 1, updated_at = db_now()
  WHERE id = $1 AND deleted_at IS NULL)sql"};
constexpr Sql hide_rows_of{R"sql(
  UPDATE videos SET deleted_at = db_now(), playback_epoch = playback_epoch + 1, ver = ver + 1, updated_at = db_now()
  WHERE user_id = $1 AND deleted_at IS NULL)sql"};
constexpr Sql ids_of_owner{R"sql(SELECT id FROM videos WHERE user_id = $1 ORDER BY created_at, id LIMIT $2)sql"};
constexpr Sql show_row{R"sql(
  UPDATE videos SET deleted_at = NULL, ver = ver + 1, updated_at = db_now()
  WHERE id = $1 AND deleted_at > db_now() - $2)sql"};
constexpr Sql hidden_since{R"sql(SELECT id FROM videos WHERE deleted_at <= db_now() - $1 ORDER BY deleted_at LIMIT $2)sql"};
constexpr Sql delete_row{R"sql(DELETE FROM videos WHERE id = $1)sql"};
constexpr Sql doom_of_owner{R"sql(
  UPDATE blobs SET state = 'doomed', doomed_at = db_now() WHERE owner_id = $1 AND state <> 'doomed')sql"};
constexpr Sql probed{R"sql(UPDATE videos SET metadata = $2, duration = $3 WHERE id = $1)sql"};
// What a settled video shows was changed by the way there, and is remembered by its version.
// A video whose bytes were watched coming in stays `uploading` until its first stage is over: status never goes back.
constexpr Sql status_row{R"sql(
  UPDATE videos SET status = CASE WHEN $2 = 'pending' AND status = 'uploading' THEN status ELSE $2 END, status_message = $3,
                    ver = ver + CASE WHEN $2 IN ('ready', 'failed') AND status <> $2 THEN 1 ELSE 0 END, updated_at = db_now(),
                    processed_at = CASE WHEN $2 = 'ready' THEN COALESCE(processed_at, db_now()) END
  WHERE id = $1)sql"};
constexpr Sql status_message_row{R"sql(UPDATE videos SET status_message = $2, updated_at = db_now() WHERE id = $1)sql"};
constexpr Sql language_row{R"sql(UPDATE videos SET language = $2 WHERE id = $1 AND language IS NULL)sql"};

constexpr Sql insert_asset{R"sql(
  INSERT INTO video_assets (id, video_id, name, kind, key, content_type, size, sha256, detail, language, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, db_now())
  ON CONFLICT (video_id, name) DO UPDATE SET kind = excluded.kind, key = excluded.key, content_type = excluded.content_type,
    size = excluded.size, sha256 = excluded.sha256, detail = excluded.detail, language = excluded.language,
    created_at = excluded.created_at)sql"};
constexpr Sql asset_by_name{R"sql(
  SELECT name, kind, key, content_type, size, sha256, detail, language FROM video_assets WHERE video_id = $1 AND name = $2)sql"};
constexpr Sql served_asset_by_name{R"sql(
  SELECT key, content_type, sha256 FROM video_assets WHERE video_id = $1 AND name = $2)sql"};
constexpr Sql assets_by_kind{R"sql(
  SELECT name, kind, key, content_type, size, sha256, detail, language FROM video_assets WHERE video_id = $1 AND kind = $2
  ORDER BY name)sql"};

constexpr Sql insert_variant{R"sql(
  INSERT INTO video_variants (id, video_id, quality, codec, key, width, height, fps, bitrate, size, created_at)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, db_now())
  ON CONFLICT (video_id, quality, codec) DO UPDATE SET key = excluded.key, width = excluded.width, height = excluded.height,
    fps = excluded.fps, bitrate = excluded.bitrate, size = excluded.size, created_at = excluded.created_at)sql"};
constexpr Sql variants_by_video{R"sql(
  SELECT v.id, v.quality, v.codec, COALESCE(plain.key, v.key), v.width, v.height, v.fps, v.bitrate, COALESCE(plain.size, v.size),
         v.created_at, plain.key IS NOT NULL
  FROM video_variants v
  LEFT JOIN video_assets plain ON plain.video_id = v.video_id AND plain.name = 'variants/' || v.quality || '.mp4'
  WHERE v.video_id = $1 ORDER BY v.height)sql"};

struct VideoRow {
  VideoId id{};
  std::int64_t number = 0;
  UserId owner{};
  std::string title{};
  std::string description{};
  Status status{};
  std::optional<std::string> status_message{};
  Visibility visibility{};
  std::string source_kind{};
  std::string source_key{};
  std::int64_t size_bytes = 0;
  std::optional<Seconds> duration{};
  std::optional<std::string> metadata{};
  std::optional<std::string> language{};
  std::string tags{};
  std::int64_t playback_epoch = 0;
  std::optional<JobId> root_job{};
  std::optional<Time> processed_at{};
  std::optional<Time> deleted_at{};
  std::int64_t version = 0;
  Time created_at{};
  Time updated_at{};
};

Result<Video> video_of(VideoRow row) {
  auto tags = from_json_text<std::vector<std::string>>(row.tags);
  if (!tags) return std::unexpected(std::move(tags.error()));
  std::optional<MediaInfo> info;
  if (row.metadata) {
    auto read = from_json_text<MediaInfo>(*row.metadata);
    if (!read) return std::unexpected(std::move(read.error()));
    info = *std::move(read);
  }
  return Video{.id = row.id,
               .number = row.number,
               .owner = row.owner,
               .title = std::move(row.title),
               .description = std::move(row.description),
               .status = row.status,
               .status_message = std::move(row.status_message),
               .visibility = row.visibility,
               .source_kind = std::move(row.source_kind),
               .source_key = std::move(row.source_key),
               .size_bytes = row.size_bytes,
               .duration = row.duration,
               .info = std::move(info),
               .language = std::move(row.language),
               .tags = *std::move(tags),
               .playback_epoch = row.playback_epoch,
               .root_job = row.root_job,
               .processed_at = row.processed_at,
               .deleted_at = row.deleted_at,
               .version = row.version,
               .created_at = row.created_at,
               .updated_at = row.updated_at};
}

}  // namespace

Task<Result<void>> insert_staged_blob(Transaction tx, StagedBlob blob) {
  co_await ok(tx.change(insert_blob, blob.id, blob.key, blob.owner_type, BlobId{blob.owner_id}));
  co_return {};
}

Task<Result<void>> make_blob_live(Transaction tx, std::string key, std::string sha256, std::int64_t size_bytes) {
  const auto named = co_await ok(tx.change(blob_live, key, std::move(sha256), size_bytes));
  if (named == 0) co_return fail(ErrorKind::internal, "no staged blob has the key " + key);
  co_return {};
}

Task<Result<void>> doom_blob(Transaction tx, std::string key) {
  co_await ok(tx.change(blob_doomed, std::move(key)));
  co_return {};
}

Task<Result<std::vector<GarbageBlob>>> garbage_blobs(Transaction tx, std::chrono::microseconds kept_for, std::int64_t limit) {
  return tx.all<GarbageBlob>(garbage, kept_for.count(), limit);
}

Task<Result<void>> delete_blob(Transaction tx, BlobId id) {
  co_await ok(tx.change(delete_blob_row, id));
  co_return {};
}

Task<Result<std::vector<LiveBlob>>> blobs_not_verified_for(Transaction tx, std::chrono::microseconds time, std::int64_t limit) {
  return tx.all<LiveBlob>(unverified, time.count(), limit);
}

Task<Result<void>> note_verified(Transaction tx, std::string key) {
  co_await ok(tx.change(verified, std::move(key)));
  co_return {};
}

Task<Result<std::optional<std::string>>> forget_output(Transaction tx, std::string key) {
  auto kind = co_await ok(tx.find<std::string>(kind_of_asset, key));
  co_await ok(tx.change(forget_variant, key));
  co_await ok(tx.change(forget_asset, key));
  if (kind) co_await ok(doom_blob(tx, std::move(key)));
  co_return kind;
}

Task<Result<void>> forget_files_of_kind(Transaction tx, VideoId video, std::string kind, std::string except) {
  auto files = co_await ok(assets_of_kind(tx, video, std::move(kind)));
  for (auto& file : files)
    if (file.name != except) co_await ok(forget_output(tx, std::move(file.key)));
  co_return {};
}

Task<Result<void>> insert_video(Transaction tx, NewVideoRow row) {
  const auto number = co_await ok(tx.one<std::int64_t>(next_number));
  co_await ok(tx.change(insert_video_row, row.id, number, row.owner, row.video.title, row.video.description,
                        row.video.visibility, row.key, row.sha256, row.size_bytes, row.video.language));
  co_return {};
}

Task<Result<void>> set_source(Transaction tx, VideoId id, std::string sha256, std::int64_t size_bytes) {
  co_await ok(tx.change(source_bytes, id, std::move(sha256), size_bytes));
  co_return {};
}

Task<Result<void>> set_root_job(Transaction tx, VideoId id, JobId root) {
  co_await ok(tx.change(root_job, id, root));
  co_return {};
}

Task<Result<std::optional<Video>>> find_video(Transaction tx, VideoId id) {
  auto row = co_await ok(tx.find<VideoRow>(video_by_id, id));
  if (!row) co_return std::optional<Video>();
  co_return std::optional<Video>(co_await ok(video_of(*std::move(row))));
}

Task<Result<std::optional<Video>>> find_numbered_video(Transaction tx, std::int64_t number) {
  const auto id = co_await ok(tx.find<VideoId>(id_of_number, number));
  if (!id) co_return std::optional<Video>();
  co_return co_await find_video(tx, *id);
}

Task<Result<Video>> get_video(Transaction tx, VideoId id) {
  auto video = co_await ok(find_video(tx, id));
  if (!video) co_return fail(ErrorKind::not_found, "there is no video " + id.text());
  co_return *std::move(video);
}

Task<Result<std::optional<std::int64_t>>> find_playback_epoch(Transaction tx, VideoId id) {
  return tx.find<std::int64_t>(epoch_of_video, id);
}

Task<Result<void>> update_video(Transaction tx, Video video) {
  co_await ok(tx.change(update_video_row, video.id, video.title, video.description, video.visibility, video.language,
                        to_json(video.tags), video.playback_epoch));
  co_return {};
}

Task<Result<void>> hide_videos_of(Transaction tx, UserId owner) {
  co_await ok(tx.change(hide_rows_of, owner));
  co_return {};
}

Task<Result<std::vector<VideoId>>> videos_of(Transaction tx, UserId owner, std::int64_t limit) {
  return tx.all<VideoId>(ids_of_owner, owner, limit);
}

Task<Result<void>> hide_video(Transaction tx, VideoId id) {
  const auto hidden = co_await ok(tx.change(hide_row, id));
  if (hidden == 0) co_return fail(ErrorKind::not_found, "there is no video " + id.text());
  co_return {};
}

Task<Result<bool>> show_video_again(Transaction tx, VideoId id, std::chrono::microseconds within) {
  co_return co_await ok(tx.change(show_row, id, within.count())) > 0;
}

Task<Result<std::vector<VideoId>>> videos_hidden_for(Transaction tx, std::chrono::microseconds time, std::int64_t limit) {
  return tx.all<VideoId>(hidden_since, time.count(), limit);
}

Task<Result<void>> delete_video_row(Transaction tx, VideoId id) {
  co_await ok(tx.change(delete_row, id));
  co_return {};
}

Task<Result<void>> doom_blobs_of(Transaction tx, VideoId id) {
  co_await ok(tx.change(doom_of_owner, id));
  co_return {};
}

Task<Result<void>> store_probe(Transaction tx, VideoId id, MediaInfo info) {
  co_await ok(tx.change(probed, id, to_json(info), info.duration));
  co_return {};
}

Task<Result<Facts>> facts(Transaction tx, VideoId video) {
  const auto row = co_await ok(get_video(tx, video));
  Facts facts{.source_sha256 = co_await ok(tx.one<std::string>(source_hash, video))};
  if (!row.info) co_return facts;
  facts.probed = true;
  facts.has_video = row.info->video.has_value();
  facts.has_audio = row.info->audio.has_value();
  co_return facts;
}

Task<Result<void>> set_status(Transaction tx, VideoId video, Status status, std::optional<std::string> message) {
  co_await ok(tx.change(status_row, video, status, std::move(message)));
  co_return {};
}

Task<Result<void>> set_status_message(Transaction tx, VideoId video, std::optional<std::string> message) {
  co_await ok(tx.change(status_message_row, video, std::move(message)));
  co_return {};
}

Task<Result<void>> note_language(Transaction tx, VideoId video, std::string language) {
  co_await ok(tx.change(language_row, video, std::move(language)));
  co_return {};
}

Task<Result<void>> name_file(Transaction tx, KeptFile asset) {
  const auto before = co_await ok(find_asset(tx, asset.video, asset.name));
  if (before && before->key != asset.key) co_await ok(doom_blob(tx, before->key));
  co_await ok(make_blob_live(tx, asset.key, asset.sha256, asset.size_bytes));
  co_await ok(tx.change(insert_asset, asset.id, asset.video, asset.name, asset.kind, asset.key, asset.content_type,
                        asset.size_bytes, asset.sha256, asset.detail, asset.language));
  co_return {};
}

Task<Result<std::optional<Asset>>> find_asset(Transaction tx, VideoId video, std::string name) {
  return tx.find<Asset>(asset_by_name, video, std::move(name));
}

Task<Result<std::optional<ServedAsset>>> find_served_asset(Transaction tx, VideoId video, std::string name) {
  return tx.find<ServedAsset>(served_asset_by_name, video, std::move(name));
}

Task<Result<std::vector<Asset>>> assets_of_kind(Transaction tx, VideoId video, std::string kind) {
  return tx.all<Asset>(assets_by_kind, video, std::move(kind));
}

std::string rendition_name(const std::string& quality) { return "hls/" + quality + ".mp4"; }
std::string plain_name(const std::string& quality) { return "variants/" + quality + ".mp4"; }

Task<Result<void>> put_variant(Transaction tx, VideoId video, Variant variant) {
  co_await ok(tx.change(insert_variant, variant.id, video, variant.quality, variant.codec, variant.key, variant.width,
                        variant.height, variant.frames_per_second, variant.bits_per_second, variant.size_bytes));
  co_return {};
}

Task<Result<std::vector<Variant>>> variants_of(Transaction tx, VideoId video) {
  return tx.all<Variant>(variants_by_video, video);
}

}  // namespace kinora::media
