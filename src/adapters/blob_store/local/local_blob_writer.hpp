#pragma once

#include <array>

#include "adapters/blob_store/local/staged_blob.hpp"
#include "base/pool.hpp"

namespace kinora {

/// Gathers appends into 1 MiB, which the disk can take as it lies there, and hands those to the pool. Outlived by its store.
class LocalBlobWriter final : public BlobWriter {
 public:
  LocalBlobWriter(StagedBlob blob, Pool& files) : blob_(std::move(blob)), files_(files) {}

  Task<Result<void>> append(std::span<const std::byte> bytes) override;
  Task<Result<std::uint64_t>> commit() override;
  std::uint64_t committed_offset() const override { return blob_.committed_offset(); }
  Task<Result<Sha256>> finish(std::optional<Sha256> expected) override;
  Task<Result<void>> abort() override;
  std::string token() const override { return blob_.token().text(); }

 private:
  struct alignas(BlobFiles::direct_alignment) Buffer {
    std::array<std::byte, 1 << 20> bytes;
  };

  Task<Result<void>> take(std::span<const std::byte> bytes);
  Result<void> flush();
  std::span<const std::byte> fill(std::span<const std::byte> bytes);

  StagedBlob blob_;
  Pool& files_;
  std::unique_ptr<Buffer> buffer_;  // from the first byte on
  std::size_t filled_ = 0;
  /// After a failed write nobody knows which bytes are there: only a reopened writer, at the committed offset, can go on.
  std::optional<Error> broken_;
};

}  // namespace kinora
