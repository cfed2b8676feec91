#include "adapters/blob_store/local/blob_files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace kinora {

namespace {

constexpr int attempts_max = 16;  // of a call that a signal interrupted

template <class Call>
auto uninterrupted(Call call) {
  auto result = call();
  for (int attempt = 1; result < 0 && errno == EINTR && attempt < attempts_max; ++attempt) result = call();
  return result;
}

Result<BlobFile> open_file(const std::filesystem::path& path, int flags) {
  const int fd = uninterrupted([&] { return ::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600); });
  if (fd < 0) return file_error("open", path, errno);
  return BlobFile(fd);
}

Result<BlobFile> locked(Result<BlobFile> file, const std::filesystem::path& path) {
  if (file && ::flock(file->fd(), LOCK_EX | LOCK_NB) != 0)
    return fail(ErrorKind::conflict, path.filename().string() + " is being written by somebody else");
  return file;
}

constexpr std::size_t direct_bytes_min = 256 << 10;

bool fits_direct(std::span<const std::byte> bytes, std::uint64_t offset) {
  const auto place = reinterpret_cast<std::uintptr_t>(bytes.data());
  return bytes.size() >= direct_bytes_min && (place | offset | bytes.size()) % BlobFiles::direct_alignment == 0;
}

/// -1 when the file system cannot, or for whatever reason: writing in the usual way tells.
ssize_t write_direct(int fd, std::span<const std::byte> bytes, std::uint64_t offset) {
  const int flags = ::fcntl(fd, F_GETFL);
  if (flags < 0 || ::fcntl(fd, F_SETFL, flags | O_DIRECT) != 0) return -1;
  const auto written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
  ::fcntl(fd, F_SETFL, flags);
  return written;
}

ssize_t write_through_cache(int fd, std::span<const std::byte> bytes, std::uint64_t offset) {
  const auto written = uninterrupted([&] { return ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
  // Starts the disk on it now, so that the sync before the answer finds little left to do.
  if (written > 0) ::sync_file_range(fd, static_cast<off_t>(offset), written, SYNC_FILE_RANGE_WRITE);
  return written;
}

}  // namespace

std::unexpected<Error> file_error(std::string_view what, const std::filesystem::path& path, int code) {
  const auto message = "cannot " + std::string(what) + " " + path.filename().string() + ": " + std::strerror(code);
  switch (code) {
    case ENOENT: return fail(ErrorKind::not_found, message);
    case EEXIST: return fail(ErrorKind::conflict, message);
    case ENOSPC:
    case EDQUOT: return fail(ErrorKind::unavailable, message, "storage_full");
    default: return fail(ErrorKind::unavailable, message);
  }
}

BlobFile::~BlobFile() {
  if (fd_ >= 0) ::close(fd_);
}

Result<BlobFile> BlobFiles::create(const std::filesystem::path& path) {
  return locked(open_file(path, O_RDWR | O_CREAT | O_EXCL), path);
}

Result<BlobFile> BlobFiles::open_to_write(const std::filesystem::path& path) { return locked(open_file(path, O_RDWR), path); }

Result<BlobFile> BlobFiles::open_to_read(const std::filesystem::path& path) { return open_file(path, O_RDONLY); }

Result<void> BlobFiles::write(const BlobFile& file, std::span<const std::byte> bytes, std::uint64_t offset) {
  while (!bytes.empty()) {
    auto written = fits_direct(bytes, offset) ? write_direct(file.fd(), bytes, offset) : -1;
    if (written < 0) written = write_through_cache(file.fd(), bytes, offset);
    if (written <= 0) return file_error("write", "the blob", written == 0 ? EIO : errno);
    offset += static_cast<std::uint64_t>(written);
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
  return {};
}

Result<void> BlobFiles::truncate(const BlobFile& file, std::uint64_t size) {
  if (::ftruncate(file.fd(), static_cast<off_t>(size)) != 0) return file_error("truncate", "the blob", errno);
  return {};
}

Result<void> BlobFiles::sync(const BlobFile& file) {
  if (::fdatasync(file.fd()) != 0) return file_error("sync", "the blob", errno);
  return {};
}

Result<void> BlobFiles::sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return file_error("open", folder, errno);
  const BlobFile opened(fd);
  if (::fsync(fd) != 0) return file_error("sync", folder, errno);
  return {};
}

Result<void> BlobFiles::move(const std::filesystem::path& from, const std::filesystem::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return {};
  return file_error("publish", to, errno);
}

Result<void> BlobFiles::remove(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) return file_error("remove", path, errno);
  return {};
}

Result<std::uint64_t> BlobFiles::free_bytes(const std::filesystem::path& folder) {
  struct statvfs volume{};
  if (::statvfs(folder.c_str(), &volume) != 0) return file_error("measure", folder, errno);
  return std::uint64_t{volume.f_bavail} * volume.f_frsize;
}

Result<std::size_t> BlobFiles::read(const BlobFile& file, std::span<std::byte> bytes, std::uint64_t offset) {
  const auto count = uninterrupted([&] { return ::pread(file.fd(), bytes.data(), bytes.size(), static_cast<off_t>(offset)); });
  if (count < 0) return file_error("read", "the blob", errno);
  return static_cast<std::size_t>(count);
}

Result<std::uint64_t> BlobFiles::size_of(const BlobFile& file) {
  struct stat entry{};
  if (::fstat(file.fd(), &entry) != 0) return file_error("measure", "the blob", errno);
  return static_cast<std::uint64_t>(entry.st_size);
}

}  // namespace kinora
