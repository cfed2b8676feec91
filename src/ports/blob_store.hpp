#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/task.hpp"

namespace kinora {

/// Names an object: path segments of [A-Za-z0-9._-] joined by '/', at most 512 bytes, no segment "." or "..".
struct BlobKey {
  std::string text;
  friend bool operator==(const BlobKey&, const BlobKey&) = default;
};
/// Takes only well-formed keys; a key from a request is looked up as a row, never opened.
Result<BlobKey> parse_blob_key(std::string text);

/// Bytes [offset, offset + length); an absent length means to the end.
struct ByteRange {
  std::uint64_t offset = 0;
  std::optional<std::uint64_t> length{};
};

struct BlobInfo {
  std::uint64_t size_bytes = 0;
};

/// SHA-256, lower-case hex.
struct Sha256 {
  std::string hex;
  friend bool operator==(const Sha256&, const Sha256&) = default;
};

/// One object being written. One fiber at a time. Dropped without finish() or abort(), it stays resumable by its token.
class BlobWriter {
 public:
  virtual ~BlobWriter() = default;
  /// Hashes and writes; the bytes may still be in memory when it returns.
  virtual Task<Result<void>> append(std::span<const std::byte> bytes) = 0;
  /// Makes everything appended durable and yields the new offset, from which a reopened writer goes on.
  virtual Task<Result<std::uint64_t>> commit() = 0;
  virtual std::uint64_t committed_offset() const = 0;  ///< after finish(): the size
  /// Durable, complete, readable under its key. With `expected` given, other bytes yield conflict and nothing is published.
  virtual Task<Result<Sha256>> finish(std::optional<Sha256> expected) = 0;
  virtual Task<Result<void>> abort() = 0;
  /// Reopens this writer on any node.
  virtual std::string token() const = 0;
};

/// Bytes of an open file, for a kernel that sends them by itself. Valid as long as its reader.
struct FilePiece {
  int descriptor = -1;
  std::uint64_t offset = 0;
  std::size_t size = 0;
};

/// Reads one range from its start to its end. Outlives a later remove() of the key.
class BlobReader {
 public:
  virtual ~BlobReader() = default;
  virtual std::uint64_t size_bytes() const = 0;  ///< of the range
  /// Up to buffer.size() bytes; 0 ends the range.
  virtual Task<Result<std::size_t>> read(std::span<std::byte> buffer) = 0;
  /// The same bytes as they stand in a file, in memory already, so that sending them waits for no disk. Size 0 ends the range;
  /// nothing, now and later, when they stand in no file of this machine.
  virtual Task<Result<std::optional<FilePiece>>> next_piece(std::size_t size_max) {
    static_cast<void>(size_max);
    co_return std::nullopt;
  }
};

/// A blob as a read-only file for a child process; valid while this object lives.
class LocalFile {
 public:
  LocalFile(std::filesystem::path path, std::function<void()> release) : path_(std::move(path)), release_(std::move(release)) {}
  LocalFile(LocalFile&& other) noexcept : path_(std::move(other.path_)), release_(std::exchange(other.release_, nullptr)) {}
  LocalFile& operator=(LocalFile&&) = delete;
  ~LocalFile() {
    if (release_) release_();
  }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
  std::function<void()> release_;
};

/// Immutable blobs under caller-chosen keys. Every method may be called from any thread.
class BlobStore {
 public:
  virtual ~BlobStore() = default;

  /// A key is never written twice: an existing one yields conflict. Too little free space yields unavailable (code
  /// `storage_full`). Bytes appended are durable up to committed_offset(); the key becomes readable when finish() has returned.
  virtual Task<Result<std::unique_ptr<BlobWriter>>> open_writer(BlobKey key) = 0;
  /// Goes on at the committed offset; an unknown or finished token yields not_found.
  virtual Task<Result<std::unique_ptr<BlobWriter>>> reopen_writer(std::string token) = 0;
  /// Takes over a finished file (a child's output) without reading it through the network path; the file is gone afterwards.
  virtual Task<Result<Sha256>> adopt(BlobKey key, std::filesystem::path file) = 0;

  /// A missing key yields not_found; a range that starts past the end yields invalid.
  virtual Task<Result<std::unique_ptr<BlobReader>>> open(BlobKey key, ByteRange range) = 0;
  virtual Task<Result<BlobInfo>> stat(BlobKey key) = 0;
  virtual Task<Result<LocalFile>> materialise(BlobKey key) = 0;
  /// For bytes that are not what they were: from now on there is nothing under the key, and an operator finds them elsewhere.
  /// A missing key yields not_found.
  virtual Task<Result<void>> set_aside(BlobKey key) = 0;
  /// With all that was written under the key and not finished. Idempotent: a missing key is removed already.
  virtual Task<Result<void>> remove(BlobKey key) = 0;

  /// Whether a writer would be opened now: the place of the blobs is there, no write was lost, and there is more space than is
  /// kept back. Quick. Errors: unavailable (codes `storage_failed`, `storage_full`), which says why.
  virtual Task<Result<void>> can_write() = 0;
  /// Of the bytes as they are now, all of which are read. A missing key yields not_found.
  virtual Task<Result<Sha256>> digest(BlobKey key) = 0;
  /// Published objects whose keys are not among `known`, by the store's own names for them. Looks at everything.
  virtual Task<Result<std::vector<std::string>>> strays(std::vector<BlobKey> known) = 0;
};

}  // namespace kinora
