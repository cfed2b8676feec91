#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/pool.hpp"
#include "ports/blob_store.hpp"
#include "ports/random.hpp"

namespace kinora {

/// `read`: the store is another process's; nothing in it is made, changed or cleared away by opening it.
enum class BlobAccess : std::uint8_t { write, read };

struct BlobStoreSettings {
  std::string url;                            ///< `file:<folder>`, `file://<folder>` or a bare path
  std::uint64_t free_bytes_min = 1ULL << 30;  ///< MIN_FREE_DISK: writes that would leave less are refused
  BlobAccess access = BlobAccess::write;
};

/// `files` runs the blocking file operations; it and `random` outlive the store. Blocks: for start-up. Errors: unsupported
/// (another scheme), invalid (no path), unavailable (the folder cannot be made or used).
Result<std::unique_ptr<BlobStore>> open_blob_store(BlobStoreSettings settings, Pool& files, Random& random);

}  // namespace kinora
