#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <utility>

#include "base/result.hpp"

namespace kinora {

/// Owns an open file.
class BlobFile {
 public:
  explicit BlobFile(int fd) : fd_(fd) {}
  BlobFile(BlobFile&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  BlobFile& operator=(BlobFile&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~BlobFile();
  int fd() const { return fd_; }

 private:
  int fd_;
};

/// The few operations on files that durability rests on; virtual so that tests can make one fail, and can replay a power cut.
/// All block: call them on a pool. Errors: not_found, conflict (exists already, or is being written), unavailable (code
/// `storage_full` when there is no space).
class BlobFiles {
 public:
  virtual ~BlobFiles() = default;

  /// Bytes that lie so in memory and in their file, in many, are written past the kernel's memory where the file system can:
  /// the copy there would cost more than all the rest of an upload.
  static constexpr std::size_t direct_alignment = 4096;

  /// A new file for writing, locked against a second writer.
  virtual Result<BlobFile> create(const std::filesystem::path& path);
  /// An existing one, locked likewise.
  virtual Result<BlobFile> open_to_write(const std::filesystem::path& path);
  virtual Result<BlobFile> open_to_read(const std::filesystem::path& path);
  virtual Result<void> write(const BlobFile& file, std::span<const std::byte> bytes, std::uint64_t offset);
  virtual Result<void> truncate(const BlobFile& file, std::uint64_t size);
  /// Bytes and size are on the medium.
  virtual Result<void> sync(const BlobFile& file);
  /// The names in it are on the medium.
  virtual Result<void> sync_folder(const std::filesystem::path& folder);
  /// Never over an existing file.
  virtual Result<void> move(const std::filesystem::path& from, const std::filesystem::path& to);
  /// A missing file is removed already.
  virtual Result<void> remove(const std::filesystem::path& path);
  virtual Result<std::uint64_t> free_bytes(const std::filesystem::path& folder);

  /// Up to bytes.size(); 0 at the end.
  static Result<std::size_t> read(const BlobFile& file, std::span<std::byte> bytes, std::uint64_t offset);
  static Result<std::uint64_t> size_of(const BlobFile& file);
};

/// What errno says, about `what`.
std::unexpected<Error> file_error(std::string_view what, const std::filesystem::path& path, int code);

}  // namespace kinora
