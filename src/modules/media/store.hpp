#pragma once

#include <optional>
#include <string>
#include <vector>

#include "modules/media/media.hpp"
#include "modules/media/playlists.hpp"

/// All SQL of media. Every function is, or runs inside, a transaction body.
namespace kinora::media {

/// The life of a blob's row: bytes are written under a fresh key with a row `staged`, named by a transaction that makes it
/// `live`, and swept 24 h after they became `doomed` or if they stayed `staged`.
struct StagedBlob {
  BlobId id{};
  std::string key;
  std::string owner_type;
  Uuid owner_id{};
};
Task<Result<void>> insert_staged_blob(Transaction tx, StagedBlob blob);
Task<Result<void>> make_blob_live(Transaction tx, std::string key, std::string sha256, std::int64_t size_bytes);
Task<Result<void>> doom_blob(Transaction tx, std::string key);
/// What nobody names any more, or has never named, for so long.
struct GarbageBlob {
  BlobId id{};
  std::string key;
};
Task<Result<std::vector<GarbageBlob>>> garbage_blobs(Transaction tx, std::chrono::microseconds kept_for, std::int64_t limit);
/// Live ones whose bytes nobody has compared for so long; those of long ago first.
Task<Result<std::vector<LiveBlob>>> blobs_not_verified_for(Transaction tx, std::chrono::microseconds time, std::int64_t limit);
Task<Result<void>> note_verified(Transaction tx, std::string key);
/// No video has this output any more. Yields its kind, or nothing: it is none, but a source.
Task<Result<std::optional<std::string>>> forget_output(Transaction tx, std::string key);
/// Once its bytes are gone.
Task<Result<void>> delete_blob(Transaction tx, BlobId id);

struct NewVideoRow {
  VideoId id{};
  UserId owner{};
  std::string key;
  std::string sha256;
  std::int64_t size_bytes = 0;
  NewVideo video;
};
Task<Result<void>> insert_video(Transaction tx, NewVideoRow row);
/// The bytes of a source that came after its row.
Task<Result<void>> set_source(Transaction tx, VideoId id, std::string sha256, std::int64_t size_bytes);
Task<Result<Video>> get_video(Transaction tx, VideoId id);
Task<Result<std::optional<Video>>> find_video(Transaction tx, VideoId id);
Task<Result<std::optional<Video>>> find_numbered_video(Transaction tx, std::int64_t number);
/// What a grant must name to be good for this video now.
Task<Result<std::optional<std::int64_t>>> find_playback_epoch(Transaction tx, VideoId id);
/// list_store.cpp
Task<Result<std::vector<Video>>> list_videos(Transaction tx, UserId owner, ListQuery query);
/// The newest 500 of this person and the newest 500 that others show to everybody.
Task<Result<std::vector<Video>>> findable_videos(Transaction tx, UserId owner, ListQuery query);
/// Everything a person may change, and the epoch; the version rises.
Task<Result<void>> update_video(Transaction tx, Video video);
/// Gone for people; not_found when it was so before.
Task<Result<void>> hide_videos_of(Transaction tx, UserId owner);
/// Hidden ones too.
Task<Result<std::vector<VideoId>>> videos_of(Transaction tx, UserId owner, std::int64_t limit);
Task<Result<void>> hide_video(Transaction tx, VideoId id);
/// False when it was hidden longer ago, or is not hidden.
Task<Result<bool>> show_video_again(Transaction tx, VideoId id, std::chrono::microseconds within);
Task<Result<std::vector<VideoId>>> videos_hidden_for(Transaction tx, std::chrono::microseconds time, std::int64_t limit);
Task<Result<void>> delete_video_row(Transaction tx, VideoId id);
Task<Result<void>> doom_blobs_of(Transaction tx, VideoId id);
Task<Result<void>> store_probe(Transaction tx, VideoId id, MediaInfo info);

struct Asset {
  std::string name;
  std::string kind;
  std::string key;
  std::string content_type;
  std::int64_t size_bytes = 0;
  std::string sha256;
  std::optional<std::string> detail{};
  std::optional<std::string> language{};
};
Task<Result<std::optional<Asset>>> find_asset(Transaction tx, VideoId video, std::string name);
/// What serving its bytes needs: the detail of a long rendition is large.
struct ServedAsset {
  std::string key;
  std::string content_type;
  std::string sha256;
};
Task<Result<std::optional<ServedAsset>>> find_served_asset(Transaction tx, VideoId video, std::string name);
Task<Result<std::vector<Asset>>> assets_of_kind(Transaction tx, VideoId video, std::string kind);

/// What a rung's files are called among the video's assets.
std::string rendition_name(const std::string& quality);
std::string plain_name(const std::string& quality);

Task<Result<void>> put_variant(Transaction tx, VideoId video, Variant variant);
Task<Result<std::vector<Variant>>> variants_of(Transaction tx, VideoId video);

}  // namespace kinora::media
