#pragma once

#include "adapters/blob_store/local/open_blobs.hpp"
#include "adapters/blob_store/local/staged_blob.hpp"
#include "adapters/blob_store/open.hpp"
#include "base/pool.hpp"
#include "ports/random.hpp"

namespace kinora {

struct LocalBlobSettings {
  std::filesystem::path folder;  ///< absolute; made when absent
  std::uint64_t free_bytes_min = 0;
  BlobAccess access = BlobAccess::write;
};

/// Blobs as files of one folder (layout.hpp). One server at a time.
class LocalBlobStore final : public BlobStore {
 public:
  LocalBlobStore(LocalBlobSettings settings, std::unique_ptr<BlobFiles> disk, Pool& files, Random& random);

  /// Makes the folders and removes what an ended server lent out. Blocks.
  Result<void> prepare();

  Task<Result<std::unique_ptr<BlobWriter>>> open_writer(BlobKey key) override;
  Task<Result<std::unique_ptr<BlobWriter>>> reopen_writer(std::string token) override;
  Task<Result<Sha256>> adopt(BlobKey key, std::filesystem::path file) override;
  Task<Result<std::unique_ptr<BlobReader>>> open(BlobKey key, ByteRange range) override;
  Task<Result<BlobInfo>> stat(BlobKey key) override;
  Task<Result<LocalFile>> materialise(BlobKey key) override;
  Task<Result<void>> set_aside(BlobKey key) override;
  Task<Result<void>> remove(BlobKey key) override;
  Task<Result<void>> can_write() override;
  Task<Result<Sha256>> digest(BlobKey key) override;
  Task<Result<std::vector<std::string>>> strays(std::vector<BlobKey> known) override;

 private:
  Task<Result<std::shared_ptr<const BlobFile>>> opened(BlobKey key);

  BlobVolume volume_;
  OpenBlobs open_;
  Pool& files_;
  Random& random_;
};

Result<std::unique_ptr<BlobStore>> open_local_blob_store(LocalBlobSettings settings, Pool& files, Random& random);

}  // namespace kinora
