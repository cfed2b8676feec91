#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "base/caller.hpp"
#include "base/ids.hpp"
#include "base/names.hpp"
#include "base/task.hpp"
#include "modules/media/checksum.hpp"
#include "modules/media/upload_locks.hpp"
#include "modules/media/video.hpp"
#include "ports/blob_store.hpp"
#include "ports/clock.hpp"
#include "ports/database.hpp"
#include "ports/random.hpp"

namespace kinora::media {

enum class UploadState : std::uint8_t { open, complete };

/// A source that arrives in pieces. Its video exists from the start and is processed once the last byte is durable.
struct Upload {
  UploadId id{};
  UserId owner{};
  VideoId video{};
  UploadState state = UploadState::open;
  std::optional<std::int64_t> length{};  ///< bytes; absent until the client tells it
  std::string filename;
  std::string content_type;
  std::string metadata;      ///< what the client said about it, in its own form
  std::string writer_token;  ///< of BlobStore::reopen_writer
  Time expires_at{};
};

struct NewUpload {
  std::optional<std::uint64_t> length{};
  std::string filename;
  std::string content_type{};
  std::string metadata{};
  NewVideo video{};
};

/// Where an upload stands; everything below `offset` is on disk.
struct UploadProgress {
  Upload upload;
  std::uint64_t offset = 0;
  std::string sha256{};  ///< of the whole, when it has just become complete
};

/// The next bytes of an upload, as its client sends them.
struct UploadPiece {
  std::uint64_t offset = 0;                   ///< where they belong
  std::optional<std::uint64_t> size_bytes{};  ///< when it is known before
  std::optional<std::uint64_t> length{};      ///< of the whole, told late
  std::optional<Checksum> checksum{};         ///< of this piece
  /// Up to buffer.size() bytes; 0 ends the piece.
  std::function<Task<Result<std::size_t>>(std::span<std::byte>)> read;
};

struct UploadSettings {
  std::uint64_t bytes_max = 2ULL << 30;
  std::chrono::seconds lifetime{24 * 3600};
  UploadLockTimes locks{};
};

class Media;
class OnVideoAccepted;

/// Told how far uploads have come, for people who watch them; nothing else follows from it.
class UploadWatcher {
 public:
  virtual ~UploadWatcher() = default;
  /// Bytes have come, at most twice a second for each upload, or all of a request have, or the upload has become complete.
  /// `offset` tells what was received, which may not be on disk yet. Any thread; must be quick.
  virtual void on_progress(const UploadProgress& progress) = 0;
};

/// Resumable uploads. Unknown and another's give the same answer: not_found; one past its time: expired. Any thread.
class Uploads {
 public:
  Uploads(UploadSettings settings, Media& media, Database& database, BlobStore& blobs, Clock& clock, Random& random);

  /// Before the first append().
  void set_on_accepted(OnVideoAccepted& observer) { on_accepted_ = &observer; }
  void set_watcher(UploadWatcher& watcher) { watcher_ = &watcher; }

  /// Errors: too_large, invalid (no bytes), unavailable (storage_full).
  Task<Result<UploadProgress>> open(Caller caller, NewUpload upload);
  Task<Result<UploadProgress>> find(Caller caller, UploadId id);
  /// Adds a piece; with the last byte the video goes on to be processed. What arrived before the client vanished is kept, but
  /// of a piece with a checksum all or nothing. Errors: conflict (another offset than the upload's, another request is
  /// sending), too_large (more than the length), invalid (checksum_mismatch).
  Task<Result<UploadProgress>> append(Caller caller, UploadId id, UploadPiece piece);
  /// The upload, its bytes and its video go. Errors: conflict when it is complete.
  Task<Result<void>> abort(Caller caller, UploadId id);

  std::uint64_t bytes_max() const { return settings_.bytes_max; }

 private:
  /// An upload, and what writes it until it is complete.
  struct Standing {
    UploadProgress progress;
    std::unique_ptr<BlobWriter> writer{};
  };
  Task<Result<Upload>> owned(Caller caller, UploadId id);
  Task<Result<Standing>> stand(Caller caller, UploadId id);
  Task<Result<Upload>> settle_length(Caller caller, Upload upload, const UploadPiece& piece);
  Task<Result<UploadProgress>> add(Caller caller, Standing standing, UploadPiece piece, UploadLocks::Hold& hold);
  Task<Result<void>> receive(Standing& standing, UploadPiece& piece, std::uint64_t room, UploadLocks::Hold& hold);
  static Task<Result<void>> keep(BlobWriter& writer, UploadPiece& piece, Result<void> received);
  Task<Result<UploadProgress>> publish(Caller caller, Upload upload, BlobWriter& writer);
  Task<Result<UploadProgress>> finish(Caller caller, Upload upload, std::string sha256);
  void tell(const UploadProgress& progress) const;

  UploadSettings settings_;
  Media& media_;
  Database& database_;
  BlobStore& blobs_;
  Clock& clock_;
  Random& random_;
  UploadLocks locks_;
  OnVideoAccepted* on_accepted_ = nullptr;
  UploadWatcher* watcher_ = nullptr;
};

}  // namespace kinora::media

template <>
struct kinora::Names<kinora::media::UploadState> {
  using enum media::UploadState;
  static constexpr auto table =
      std::to_array<std::pair<media::UploadState, std::string_view>>({{open, "open"}, {complete, "complete"}});
};
