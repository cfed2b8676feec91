#include "adapters/blob_store/local/staged_blob.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "base/failpoints.hpp"

namespace kinora {

namespace {

Result<Checkpoint> read_checkpoint(const BlobFile& state) {
  Bytes content(2 * Checkpoint::slot_bytes);
  const auto count = BlobFiles::read(state, content, 0);
  if (!count) return std::unexpected(count.error());
  return latest_checkpoint(std::span(content).first(*count));
}

/// A child of a root server made it as another user. Nobody writes it any more.
Result<void> take_over(const BlobFile& file, const std::filesystem::path& path) {
  if (::geteuid() == 0 && ::fchown(file.fd(), 0, 0) != 0) return file_error("take over", path, errno);
  ::fchmod(file.fd(), 0444);
  return {};
}

}  // namespace

Result<void> BlobVolume::require_writable() const {
  if (!sync_failed) return {};
  return fail(ErrorKind::unavailable, "the blob folder is read-only since a sync failed; check the disk and start again",
              "storage_failed");
}

Result<void> BlobVolume::require_space(std::uint64_t for_bytes) const {
  const auto free = files->free_bytes(layout.folder);
  if (!free) return std::unexpected(free.error());
  if (*free >= free_bytes_min + for_bytes) return {};
  return fail(ErrorKind::unavailable,
              "only " + std::to_string(*free >> 20) + " MiB are free and " + std::to_string(free_bytes_min >> 20) +
                  " MiB are kept back (MIN_FREE_DISK); make room and try again",
              "storage_full");
}

Result<void> BlobVolume::sync(const BlobFile& file) {
  auto writable = require_writable();
  if (!writable) return writable;
  auto done = files->sync(file);
  if (!done) sync_failed = true;
  return done;
}

Result<void> BlobVolume::sync_folder(const std::filesystem::path& folder) {
  auto writable = require_writable();
  if (!writable) return writable;
  auto done = files->sync_folder(folder);
  if (!done) sync_failed = true;
  return done;
}

Result<void> publish_file(BlobVolume& volume, const BlobFile& file, const std::filesystem::path& path, const BlobKey& key) {
  const auto to = volume.layout.blob(key);
  // Who has its name may read it. Ours and read-only it is only then: what a child left, and a kill kept from its name, the
  // next child must be able to write again.
  ::fchmod(file.fd(), 0644);
  auto done = volume.sync(file);
  if (done) done = may_fail("blobs.publish");
  if (done) done = volume.files->move(path, to);
  if (done) done = take_over(file, to);
  if (done) done = may_fail("blobs.named");
  if (done) done = volume.sync_folder(to.parent_path());
  return done;
}

Result<StagedBlob> StagedBlob::create(BlobVolume& volume, WriterToken token) {
  if (auto writable = volume.require_writable(); !writable) return std::unexpected(std::move(writable.error()));
  if (auto space = volume.require_space(0); !space) return std::unexpected(std::move(space.error()));
  if (::access(volume.layout.blob(token.key).c_str(), F_OK) == 0)
    return fail(ErrorKind::conflict, "the blob " + token.key.text + " exists already");
  auto file = volume.files->create(volume.layout.part(token));
  if (!file) return std::unexpected(std::move(file.error()));
  return StagedBlob(volume, std::move(token), *std::move(file));
}

Result<StagedBlob> StagedBlob::reopen(BlobVolume& volume, WriterToken token) {
  auto file = volume.files->open_to_write(volume.layout.part(token));
  if (!file) return std::unexpected(std::move(file.error()));
  StagedBlob blob(volume, std::move(token), *std::move(file));

  auto state = volume.files->open_to_write(volume.layout.state(blob.token_));
  if (state) {
    auto checkpoint = read_checkpoint(*state);
    if (!checkpoint) return std::unexpected(std::move(checkpoint.error()));
    blob.checkpoint_ = *checkpoint;
    blob.state_ = *std::move(state);
  } else if (state.error().kind != ErrorKind::not_found) {
    return std::unexpected(std::move(state.error()));
  }
  blob.offset_bytes_ = blob.checkpoint_.offset_bytes;
  blob.hash_ = blob.checkpoint_.hash;

  const auto size = BlobFiles::size_of(blob.file_);
  if (!size) return std::unexpected(size.error());
  if (*size < blob.offset_bytes_) return fail(ErrorKind::internal, "a staged blob is shorter than what was acknowledged");
  if (auto cut = volume.files->truncate(blob.file_, blob.offset_bytes_); !cut) return std::unexpected(std::move(cut.error()));
  return blob;
}

Result<void> StagedBlob::write(std::span<const std::byte> bytes) {
  auto done = volume_->require_writable();
  if (done) done = volume_->require_space(bytes.size());
  if (!done) return done;
  hash_.feed(bytes);  // while they are in the processor's cache
  done = volume_->files->write(file_, bytes, offset_bytes_);
  if (done) done = may_fail("blobs.write");
  if (done) offset_bytes_ += bytes.size();
  return done;
}

Result<std::uint64_t> StagedBlob::commit() {
  if (checkpoint_.number > 0 && checkpoint_.offset_bytes == offset_bytes_) return offset_bytes_;
  auto synced = volume_->sync(file_);
  if (synced) synced = may_fail("blobs.commit");
  if (!synced) return std::unexpected(std::move(synced.error()));
  const Checkpoint next{checkpoint_.number + 1, offset_bytes_, hash_};
  if (auto saved = save(next); !saved) return std::unexpected(std::move(saved.error()));
  checkpoint_ = next;
  may_end("blobs.committed");
  return offset_bytes_;
}

Result<void> StagedBlob::save(const Checkpoint& checkpoint) {
  const bool is_new = !state_;
  if (is_new) {
    auto state = volume_->files->create(volume_->layout.state(token_));
    if (!state) return std::unexpected(std::move(state.error()));
    state_ = *std::move(state);
  }
  auto done = volume_->files->write(*state_, checkpoint.slot(), checkpoint.slot_offset());
  if (done) done = volume_->sync(*state_);
  if (done && is_new) done = volume_->sync_folder(volume_->layout.staging());
  return done;
}

Result<Sha256> StagedBlob::publish(const std::optional<Sha256>& expected) {
  auto digest = hash_.digest();
  if (expected && *expected != digest)
    return fail(ErrorKind::conflict, "the bytes have the SHA-256 " + digest.hex + ", not " + expected->hex);
  auto done = publish_file(*volume_, file_, volume_->layout.part(token_), token_.key);
  if (done) done = volume_->files->remove(volume_->layout.state(token_));
  if (!done) return std::unexpected(std::move(done.error()));
  checkpoint_.offset_bytes = offset_bytes_;
  return digest;
}

Result<void> StagedBlob::discard() {
  auto done = volume_->files->remove(volume_->layout.part(token_));
  if (done) done = volume_->files->remove(volume_->layout.state(token_));
  return done;
}

}  // namespace kinora
