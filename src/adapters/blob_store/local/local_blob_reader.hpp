#pragma once

#include "adapters/blob_store/local/blob_files.hpp"
#include "base/pool.hpp"
#include "ports/blob_store.hpp"

namespace kinora {

/// Reads what the kernel has in memory at once, and the rest on the pool. The file is shared with other readers of it.
class LocalBlobReader final : public BlobReader {
 public:
  LocalBlobReader(std::shared_ptr<const BlobFile> file, std::uint64_t offset, std::uint64_t length, Pool& files)
      : file_(std::move(file)), offset_(offset), left_(length), size_(length), files_(files) {}

  std::uint64_t size_bytes() const override { return size_; }
  Task<Result<std::size_t>> read(std::span<std::byte> buffer) override;
  Task<Result<std::optional<FilePiece>>> next_piece(std::size_t size_max) override;

 private:
  void pass(std::size_t count);

  std::shared_ptr<const BlobFile> file_;
  std::uint64_t offset_;
  std::uint64_t left_;
  std::uint64_t size_;
  Pool& files_;
};

}  // namespace kinora
