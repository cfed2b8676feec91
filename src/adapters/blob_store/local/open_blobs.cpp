#include "adapters/blob_store/local/open_blobs.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace kinora {

namespace {

constexpr std::size_t open_max = 64;

/// One that was removed, or set aside, may have other names and still be read by those who have it open.
bool is_still_at(const std::filesystem::path& path, const BlobFile& file) {
  struct stat open{};
  struct stat there{};
  const bool seen = ::fstat(file.fd(), &open) == 0 && ::stat(path.c_str(), &there) == 0;
  return seen && open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

}  // namespace

std::shared_ptr<const BlobFile> OpenBlobs::find(const BlobKey& key, const std::filesystem::path& path) {
  auto file = entries_.with([&](Entries& entries) -> std::shared_ptr<const BlobFile> {
    const auto found = entries.by_key.find(key.text);
    if (found == entries.by_key.end()) return nullptr;
    found->second.last_used = ++entries.uses;
    return found->second.file;
  });
  if (file == nullptr || is_still_at(path, *file)) return file;
  forget(key);  // taken away while someone was opening it
  return nullptr;
}

std::shared_ptr<const BlobFile> OpenBlobs::keep(const BlobKey& key, BlobFile file) {
  auto kept = std::make_shared<const BlobFile>(std::move(file));
  entries_.with([&](Entries& entries) {
    auto& open = entries.by_key;
    if (open.size() == open_max)
      open.erase(std::ranges::min_element(open, {}, [](const auto& entry) { return entry.second.last_used; }));
    open.insert_or_assign(key.text, Entry{kept, ++entries.uses});
  });
  return kept;
}

void OpenBlobs::forget(const BlobKey& key) {
  entries_.with([&](Entries& entries) { entries.by_key.erase(key.text); });
}

}  // namespace kinora
