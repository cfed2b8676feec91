#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "adapters/blob_store/local/blob_files.hpp"
#include "adapters/blob_store/local/checkpoint.hpp"
#include "adapters/blob_store/local/layout.hpp"

namespace kinora {

/// What a local store and its writers share. Any thread.
struct BlobVolume {
  BlobLayout layout;
  std::unique_ptr<BlobFiles> files;
  std::uint64_t free_bytes_min = 0;
  /// Set by a sync that failed, for good: the kernel has dropped the bytes and the next sync would falsely succeed. From then
  /// on nothing is written or acknowledged until the server has been started again.
  std::atomic<bool> sync_failed = false;

  Result<void> require_writable() const;
  Result<void> require_space(std::uint64_t for_bytes) const;
  Result<void> sync(const BlobFile& file);
  Result<void> sync_folder(const std::filesystem::path& folder);
};

/// One unfinished blob on disk. Blocks: every call runs on a pool, one at a time.
class StagedBlob {
 public:
  static Result<StagedBlob> create(BlobVolume& volume, WriterToken token);
  /// At its last checkpoint; what was written after it is cut off.
  static Result<StagedBlob> reopen(BlobVolume& volume, WriterToken token);

  Result<void> write(std::span<const std::byte> bytes);
  Result<std::uint64_t> commit();
  Result<Sha256> publish(const std::optional<Sha256>& expected);
  Result<void> discard();

  std::uint64_t committed_offset() const { return checkpoint_.offset_bytes; }
  const WriterToken& token() const { return token_; }

 private:
  StagedBlob(BlobVolume& volume, WriterToken token, BlobFile file)
      : volume_(&volume), token_(std::move(token)), file_(std::move(file)) {}
  Result<void> save(const Checkpoint& checkpoint);

  BlobVolume* volume_;
  WriterToken token_;
  BlobFile file_;
  std::optional<BlobFile> state_{};
  Checkpoint checkpoint_{};
  std::uint64_t offset_bytes_ = 0;
  RunningSha256 hash_{};
};

/// Gives `file`, complete and synced, its key. Yields conflict when the key is taken.
Result<void> publish_file(BlobVolume& volume, const BlobFile& file, const std::filesystem::path& path, const BlobKey& key);

}  // namespace kinora
