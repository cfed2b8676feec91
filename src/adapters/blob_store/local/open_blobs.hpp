#pragma once

#include <memory>
#include <string>
#include <unordered_map>

#include "adapters/blob_store/local/blob_files.hpp"
#include "base/sync.hpp"
#include "ports/blob_store.hpp"

namespace kinora {

/// Blobs that were read lately, kept open: a player asks for pieces of one file again and again. Any thread. Files are shared,
/// because a reader goes on when its blob was removed or pushed out here.
class OpenBlobs {
 public:
  /// Nothing when it is not open here, or the file at `path`, where the blob belongs, is not the one that is open.
  std::shared_ptr<const BlobFile> find(const BlobKey& key, const std::filesystem::path& path);
  std::shared_ptr<const BlobFile> keep(const BlobKey& key, BlobFile file);
  void forget(const BlobKey& key);

 private:
  struct Entry {
    std::shared_ptr<const BlobFile> file;
    std::uint64_t last_used = 0;
  };
  struct Entries {
    std::unordered_map<std::string, Entry> by_key;
    std::uint64_t uses = 0;
  };
  Guarded<Entries> entries_;
};

}  // namespace kinora
