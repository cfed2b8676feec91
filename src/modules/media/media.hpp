#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/caller.hpp"
#include "base/flaw.hpp"
#include "base/task.hpp"
#include "base/versions.hpp"
#include "jobs/cron.hpp"
#include "jobs/event_log.hpp"
#include "jobs/queue.hpp"
#include "modules/accounts/accounts.hpp"
#include "modules/media/grants.hpp"
#include "modules/media/list.hpp"
#include "modules/media/playlists.hpp"
#include "modules/media/uploads.hpp"
#include "modules/media/video.hpp"
#include "modules/media/visibility.hpp"
#include "ports/blob_store.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/media_tool.hpp"
#include "ports/random.hpp"

namespace kinora::media {

/// A video that this caller may see. Only Media makes one: functions about a video's data take it instead of a bare id.
class VisibleVideo {
 public:
  const Video& video() const { return video_; }
  VideoId id() const { return video_.id; }

 private:
  friend class Media;
  explicit VisibleVideo(Video video) : video_(std::move(video)) {}
  Video video_;
};

/// A video that this caller may change.
class OwnedVideo {
 public:
  const Video& video() const { return video_; }
  VideoId id() const { return video_.id; }

 private:
  friend class Media;
  explicit OwnedVideo(Video video) : video_(std::move(video)) {}
  Video video_;
};

/// Told of a new video inside the transaction that makes its row; yields the root job of its processing. Pipeline implements
/// it.
class OnVideoAccepted {
 public:
  virtual ~OnVideoAccepted() = default;
  virtual Task<Result<JobId>> start(Transaction tx, VideoId video, UserId owner) = 0;
};

/// A source being received. The bytes are durable, and the video exists, only after Media::accept().
struct Intake {
  VideoId video{};
  BlobKey key;
  std::unique_ptr<BlobWriter> writer;
};

struct Accepted {
  Video video;
  JobId root_job{};
};

/// Where a video's files can be read for a while.
struct Addresses {
  std::string base;  ///< /media/{grant}
  Time expires_at{};
  std::optional<std::string> poster{};
  std::vector<std::pair<std::string, std::string>> captions{};  ///< language, address
};

/// What a player needs.
struct Playback {
  std::string master_path;  ///< /media/{grant}/master.m3u8
  Addresses addresses;
  std::vector<Variant> variants{};
  std::optional<std::string> storyboard{};
};

/// What stands behind a media path.
struct MediaText {
  std::string content_type;
  std::string body;
};
struct MediaBlob {
  std::string content_type;
  BlobKey key;
  ByteRange range;
  std::uint64_t size_bytes = 0;  ///< of the range
  std::string etag;              ///< without quotes
  std::string filename{};        ///< of what is taken away, not shown
  bool is_lasting = false;       ///< for as long as the grant holds, there are no other bytes at its address
};
using MediaResource = std::variant<MediaText, MediaBlob>;

/// A finished file on its way to become one of a video's.
struct Output {
  std::string name;  ///< unique within the video; replaces what had it: hls/360p.mp4, captions/en.vtt
  std::string kind;  ///< picture, sound, plain, speech_audio, poster, storyboard, captions
  std::string content_type;
  std::filesystem::path file;
  std::optional<std::string> detail{};    ///< JSON
  std::optional<std::string> language{};  ///< BCP 47
};

/// A file whose bytes are durable under a fresh key; it is the video's once name_file() committed.
struct KeptFile {
  AssetId id{};
  VideoId video{};
  std::string name;
  std::string kind;
  std::string key;
  std::string content_type;
  std::int64_t size_bytes = 0;
  std::string sha256;
  std::optional<std::string> detail{};
  std::optional<std::string> language{};
};

/// What a person changes; absent members stay.
struct VideoChange {
  std::optional<std::string> title{};
  std::optional<std::string> description{};
  std::optional<Visibility> visibility{};
  std::optional<std::string> language{};
  std::optional<std::vector<std::string>> tags{};
  IfVersion if_version{};
};

/// Whether each rung is also kept as a plain MP4, picture and sound in one.
enum class PlainFiles : std::uint8_t { keep, none };

/// Whether a file that begins so may be video or sound. Errors: unsupported.
using FirstLook = std::function<Result<void>(std::span<const std::byte> head)>;

struct Settings {
  std::string grant_secret;
  std::string previous_grant_secret{};  ///< whose links still hold; empty: there is none
  PlainFiles plain_files = PlainFiles::keep;
  FirstLook first_look = [](std::span<const std::byte>) { return Result<void>(); };
  std::chrono::seconds grant_lifetime{6 * 3600};
};

/// Videos, their files and who may see them. Any thread.
class Media final : public accounts::Belongings {
 public:
  Media(Settings settings, Database& database, BlobStore& blobs, jobs::EventLog& events, Clock& clock, Random& random);

  /// Before the first accept().
  void set_on_accepted(OnVideoAccepted& observer) { on_accepted_ = &observer; }

  /// Not visible and not there give the same answer: not_found, to nobody in particular unauthorised.
  Task<Result<VisibleVideo>> find(Caller caller, VideoId id);
  Task<Result<OwnedVideo>> owned(Caller caller, VideoId id);
  /// The id behind a video's number. Numbers can be guessed, so one that is not the caller's to find or to restore yields what
  /// find() does; whether he may do anything with the others, the id's next user asks.
  Task<Result<VideoId>> numbered(Caller caller, std::int64_t number);
  Task<Result<OwnedVideo>> for_job(jobs::Job job);
  /// Those of `ids` that the caller may see; searches ask before hits leave.
  Task<Result<std::vector<Video>>> visible(Caller caller, std::vector<VideoId> ids);
  /// The caller's own.
  Task<Result<std::vector<Video>>> list(Caller caller, ListQuery query);

  /// What a search may find: the caller's own and everybody's public ones, of each the newest 500. Order and place of the
  /// query do not count.
  Task<Result<std::vector<Video>>> findable(Caller caller, ListQuery query);

  /// A new visibility voids the grants that are out, and is told as video.updated so that searches follow. Errors: stale.
  Task<Result<Video>> change(Caller caller, OwnedVideo video, VideoChange change);
  /// Gone for everybody at once, told as video.deleted; restore() brings it back for `restorable_for`. Work on it goes on
  /// meanwhile. Errors: stale.
  Task<Result<void>> remove(Caller caller, OwnedVideo video, IfVersion if_version = {});
  /// Told as video.restored. Errors: not_found.
  Task<Result<Video>> restore(Caller caller, VideoId id);
  /// The row and its files go for good, its jobs are cancelled, and video.purged is told so that other modules forget it too.
  Task<Result<void>> purge(Caller caller, VideoId id);
  /// Forgets an upload whose time is over, and if it was not finished the video that it was to be.
  Task<Result<void>> end_upload(Caller caller, UploadId id);
  static constexpr std::chrono::minutes restorable_for{10};

  /// All videos of a person, uploads that are under way included. They are told as purged, not as deleted.
  Task<Result<void>> hide(Transaction tx, UserId owner) override;
  Task<Result<void>> erase(Caller caller, UserId owner) override;

  /// A place for the bytes of a new source.
  Task<Result<Intake>> receive(Caller caller);
  /// Whether a source that begins so is worth keeping: the first MediaTool::recognised_bytes, or all there are. Errors: invalid
  /// (it is empty), unsupported (certainly no video or sound).
  Result<void> look_at(std::span<const std::byte> head) const;
  /// Bytes first: finishes the writer, then row, root job and blob appear in one transaction.
  Task<Result<Accepted>> accept(Caller caller, Intake intake, std::string filename, NewVideo video);

  /// A file of the video for a child to read, by its asset's name: speech.wav, hls/360p.mp4.
  Task<Result<LocalFile>> open_file(OwnedVideo video, std::string name);

  /// Takes the file away and makes it durable; call name_file() in the transaction that ends the job.
  Task<Result<KeptFile>> keep_file(jobs::Context context, OwnedVideo video, Output output);

  Task<Result<Addresses>> addresses(Caller caller, VisibleVideo video);
  Task<Result<std::vector<Variant>>> variants(Caller caller, VisibleVideo video);
  /// WebVTT whose sprites are addresses under a grant. Errors: not_found.
  Task<Result<MediaText>> storyboard(Caller caller, VisibleVideo video);
  PlainFiles plain_files() const { return settings_.plain_files; }
  /// Errors: conflict (not_ready) before the first rung.
  Task<Result<Playback>> playback(Caller caller, VisibleVideo video);
  /// Errors: forbidden (a bad or expired grant, or the source by one of somebody who may not change the video), not_found.
  Task<Result<MediaResource>> resolve(std::string grant, std::string path);
  Task<Result<std::unique_ptr<BlobReader>>> open(MediaBlob blob, ByteRange within);

 private:
  static constexpr std::size_t indexes_max = 64;  // of an hour each some 20 KiB

  Settings settings_;
  Database& database_;
  BlobStore& blobs_;
  jobs::EventLog& events_;
  Clock& clock_;
  Random& random_;
  Grants grants_;
  RenditionIndexes indexes_{indexes_max};
  OnVideoAccepted* on_accepted_ = nullptr;
};

std::vector<Migration> migrations();
/// Every job kind of media: the stages that FFmpeg does, the broom, and who reads files again. `log` hears of damaged ones.
std::vector<jobs::WorkerKind> workers(Media& media, MediaTool& tool, Database& database, BlobStore& blobs, Clock& clock,
                                      Random& random, Log& log);
std::vector<jobs::CronEntry> cron();

/// Gives a kept file its name; what had the name is doomed.
Task<Result<void>> name_file(Transaction tx, KeptFile file);
/// The video's files of the kind are doomed, but for the one of that name.
Task<Result<void>> forget_files_of_kind(Transaction tx, VideoId video, std::string kind, std::string except);

/// What decides which stages a video needs; empty before probe.
struct Facts {
  bool probed = false;
  bool has_video = false;
  bool has_audio = false;
  std::string source_sha256{};
};
Task<Result<Facts>> facts(Transaction tx, VideoId video);
/// The job that stands for its processing.
Task<Result<void>> set_root_job(Transaction tx, VideoId id, JobId root);
/// Written by pipeline in the transaction that ends a stage.
Task<Result<void>> set_status(Transaction tx, VideoId video, Status status, std::optional<std::string> message);
/// What it waits for, while its status stays; none: nothing.
Task<Result<void>> set_status_message(Transaction tx, VideoId video, std::optional<std::string> message);
/// What was heard, unless its owner has said which language it is.
Task<Result<void>> note_language(Transaction tx, VideoId video, std::string language);

/// How well blobs are compared with their rows: by their sizes, or by every byte of them.
enum class Depth : std::uint8_t { sizes, bytes };
/// Whether rows and blobs say the same. Looks at everything.
Task<Result<Flaws>> audit(Database& database, BlobStore& blobs, Depth depth);

/// A blob that something names, and what its bytes must be.
struct LiveBlob {
  std::string key;
  std::string sha256;  ///< lower-case hex
  std::int64_t size_bytes = 0;
};
Task<Result<std::vector<LiveBlob>>> live_blobs(Transaction tx);

/// What is known of a video whose processing has begun.
struct Processed {
  VideoId id{};
  JobId root_job{};
};
Task<Result<std::vector<Processed>>> every_processed(Transaction tx);

}  // namespace kinora::media
