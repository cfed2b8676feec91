#pragma once

#include <filesystem>
#include <memory>
#include <span>

#include "base/encoding.hpp"
#include "base/result.hpp"
#include "base/sync.hpp"

namespace kinora::search_vectors {

/// Pages of a vector file; they stay readable while this object lives, also when the file has grown or gone since.
class Mapping {
 public:
  Mapping(const std::byte* start, std::size_t size_bytes) : bytes_(start, size_bytes) {}
  Mapping(const Mapping&) = delete;
  ~Mapping();
  std::span<const std::byte> bytes() const { return bytes_; }

 private:
  std::span<const std::byte> bytes_;
};

/// The vectors of one embedding model in one generation: slots that are appended and never change. Which of them are alive, the
/// rows of videos say. Slots behind the last committed one are what a crash left; the next append overwrites them.
class VectorFile {
 public:
  /// Opens the file or makes it. Errors: unavailable (disk), conflict (code `damaged`: shorter than `used_bytes`).
  static Result<std::unique_ptr<VectorFile>> open(std::filesystem::path file, std::size_t used_bytes);
  VectorFile(const VectorFile&) = delete;
  ~VectorFile();

  /// Durable and mapped when it returns. One writer at a time.
  Result<void> write(std::size_t offset, std::span<const std::byte> slots);

  /// What is mapped now. Any thread; take it after the snapshot of search.db whose slots are to be read.
  // Shared between the file and the queries that still read an older, shorter mapping.
  std::shared_ptr<const Mapping> mapping() const;

 private:
  explicit VectorFile(int descriptor) : descriptor_(descriptor) {}
  Result<void> map(std::size_t size_bytes);
  Result<void> grow(std::size_t size_bytes);

  int descriptor_;
  Guarded<std::shared_ptr<const Mapping>> mapping_;
};

}  // namespace kinora::search_vectors
