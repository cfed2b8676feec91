#include "adapters/search_index/embedded/vector_file.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace kinora::search_vectors {

namespace {

// The file grows in steps, sparse, so that a mapping never ends behind it and is seldom made anew.
constexpr std::size_t size_min_bytes = std::size_t{1} << 20;

std::unexpected<Error> disk_error(std::string_view what) {
  const int code = errno;
  const auto why = std::system_category().message(code);
  return fail(ErrorKind::unavailable, "the vector file could not be " + std::string(what) + ": " + why,
              code == ENOSPC || code == EDQUOT ? "storage_full" : "");
}

}  // namespace

Mapping::~Mapping() {
  if (!bytes_.empty()) munmap(const_cast<std::byte*>(bytes_.data()), bytes_.size());
}

VectorFile::~VectorFile() { close(descriptor_); }

Result<std::unique_ptr<VectorFile>> VectorFile::open(std::filesystem::path path, std::size_t used_bytes) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return disk_error("opened");
  std::unique_ptr<VectorFile> file(new VectorFile(descriptor));
  struct stat found{};
  if (fstat(descriptor, &found) != 0) return disk_error("read");
  const auto size_bytes = static_cast<std::size_t>(found.st_size);
  if (size_bytes < used_bytes)
    return fail(ErrorKind::conflict, path.string() + " is shorter than search.db says; it is damaged", "damaged");
  if (auto mapped = file->map(size_bytes); !mapped) return std::unexpected(std::move(mapped.error()));
  return file;
}

Result<void> VectorFile::write(std::size_t offset, std::span<const std::byte> slots) {
  if (auto grown = grow(offset + slots.size()); !grown) return grown;
  while (!slots.empty()) {
    const auto written = pwrite(descriptor_, slots.data(), slots.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return disk_error("written");
    offset += static_cast<std::size_t>(written);
    slots = slots.subspan(static_cast<std::size_t>(written));
  }
  if (fdatasync(descriptor_) != 0) return disk_error("made durable");
  return {};
}

std::shared_ptr<const Mapping> VectorFile::mapping() const {
  return mapping_.with([](const auto& now) { return now; });
}

Result<void> VectorFile::grow(std::size_t size_bytes) {
  const auto mapped = mapping()->bytes().size();
  if (size_bytes <= mapped) return {};
  const auto wanted = std::max({size_bytes, mapped * 2, size_min_bytes});
  if (ftruncate(descriptor_, static_cast<off_t>(wanted)) != 0) return disk_error("grown");
  return map(wanted);
}

Result<void> VectorFile::map(std::size_t size_bytes) {
  const std::byte* start = nullptr;
  if (size_bytes > 0) {
    void* mapped = mmap(nullptr, size_bytes, PROT_READ, MAP_SHARED, descriptor_, 0);
    if (mapped == MAP_FAILED) return disk_error("mapped");
    start = static_cast<const std::byte*>(mapped);
  }
  auto fresh = std::make_shared<const Mapping>(start, size_bytes);
  mapping_.with([&](auto& now) { now = std::move(fresh); });
  return {};
}

}  // namespace kinora::search_vectors
