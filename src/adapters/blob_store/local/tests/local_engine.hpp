#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "adapters/blob_store/local/local_blob_store.hpp"
#include "base/sync.hpp"

namespace kinora::testing {

/// Counts up: tests need different names, not secrets. Any thread.
class CountingRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override {
    state_.with([&](std::uint32_t& state) {
      for (auto& byte : bytes) byte = static_cast<std::byte>((state = state * 1664525 + 1013904223) >> 24);
    });
  }

 private:
  Guarded<std::uint32_t> state_;
};

class BlobFolder {
 public:
  BlobFolder() {
    auto name = (std::filesystem::temp_directory_path() / "kinora-blobs-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    path_ = name;
  }
  BlobFolder(const BlobFolder&) = delete;
  ~BlobFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// An Engine of the port's contract.
class LocalBlobEngine {
 public:
  LocalBlobEngine() { open(std::make_unique<BlobFiles>()); }
  ~LocalBlobEngine() { files_.join(); }

  LocalBlobStore& store() { return *store_; }
  void reopen() { open(std::make_unique<BlobFiles>()); }
  void open(std::unique_ptr<BlobFiles> disk, std::uint64_t free_bytes_min = 0) {
    store_.reset();
    store_ = std::make_unique<LocalBlobStore>(LocalBlobSettings{folder() / "store", free_bytes_min}, std::move(disk), files_,
                                              random_);
    const auto prepared = store_->prepare();
    EXPECT_TRUE(prepared) << prepared.error().message;
  }

  const std::filesystem::path& folder() const { return folder_.path(); }
  std::filesystem::path child_output(const std::string& content) const {
    const auto path = folder() / "output.bin";
    std::ofstream(path, std::ios::binary) << content;
    return path;
  }

 private:
  BlobFolder folder_;
  Pool files_{"files", 2, 64};
  CountingRandom random_;
  std::unique_ptr<LocalBlobStore> store_;
};

}  // namespace kinora::testing
