#include "adapters/blob_store/local/open_blobs.hpp"

#include <sys/stat.h>

#include <algorithm>

namespace kinora {

namespace {

constexpr std::size_t open_max = 64;

bool has_a_name(const BlobFile& file) {
  struct stat seen{};
  return ::fstat(file.fd(), &seen) == 0 && seen.st_nlink > 0;
}

}  // namespace

std::shared_ptr<const BlobFile> OpenBlobs::find(const BlobKey& key) {
  auto file = entries_.with([&](Entries& entries) -> std::shared_ptr<const BlobFile> {
    const auto found = entries.by_key.find(key.text);
    if (found == entries.by_key.end()) return nullptr;
    found->second.last_used = ++entries.uses;
    return found->second.file;
  });
  if (file == nullptr || has_a_name(*file)) return file;
  forget(key);  // removed while someone was opening it
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
