#include <gtest/gtest.h>

#include <functional>

#include "adapters/blob_store/local/tests/local_engine.hpp"
#include "children/tests/ordinary_user.hpp"
#include "ports/blob_store_contract.hpp"

// Each operation on files that storing a blob takes is failed in turn, as a broken or a full disk does.
namespace kinora {
namespace {

using blob_store_contract::pattern;
using blob_store_contract::put;
using blob_store_contract::read_all;
using testing::run;

/// Fails one operation; a write is done by half.
class FailingFiles final : public BlobFiles {
 public:
  struct Order {
    int operations_until = 0;
    int code = 0;
    bool met = false;
  };
  explicit FailingFiles(Order& order) : order_(order) {}

  Result<BlobFile> create(const std::filesystem::path& path) override {
    if (fails()) return file_error("open", path, order_.code);
    return BlobFiles::create(path);
  }
  Result<BlobFile> open_to_write(const std::filesystem::path& path) override {
    if (fails()) return file_error("open", path, order_.code);
    return BlobFiles::open_to_write(path);
  }
  Result<void> write(const BlobFile& file, std::span<const std::byte> bytes, std::uint64_t offset) override {
    if (!fails()) return BlobFiles::write(file, bytes, offset);
    EXPECT_TRUE(BlobFiles::write(file, bytes.first(bytes.size() / 2), offset));
    return file_error("write", "the blob", order_.code);
  }
  Result<void> truncate(const BlobFile& file, std::uint64_t size) override {
    if (fails()) return file_error("truncate", "the blob", order_.code);
    return BlobFiles::truncate(file, size);
  }
  Result<void> sync(const BlobFile& file) override {
    if (fails()) return file_error("sync", "the blob", order_.code);
    return BlobFiles::sync(file);
  }
  Result<void> sync_folder(const std::filesystem::path& folder) override {
    if (fails()) return file_error("sync", folder, order_.code);
    return BlobFiles::sync_folder(folder);
  }
  Result<void> move(const std::filesystem::path& from, const std::filesystem::path& to) override {
    if (fails()) return file_error("publish", to, order_.code);
    return BlobFiles::move(from, to);
  }
  Result<void> remove(const std::filesystem::path& path) override {
    if (fails()) return file_error("remove", path, order_.code);
    return BlobFiles::remove(path);
  }

 private:
  bool fails() {
    if (--order_.operations_until != 0) return false;
    return order_.met = true;
  }

  Order& order_;
};

/// What somebody who stores a blob has been told.
struct Told {
  std::string token{};
  std::uint64_t offset = 0;
  bool whole = false;
};

const std::string text = pattern(3'000'001);  // more than is written at once

Task<Result<void>> store_at_once(BlobStore& store, std::string key, Told& told) {
  auto writer = co_await ok(store.open_writer({key}));
  co_await ok(writer->append(bytes_of(text)));
  co_await ok(writer->finish(std::nullopt));
  told.whole = true;
  co_return {};
}

/// By a writer for each part, as requests come.
Task<Result<void>> store_in_parts(BlobStore& store, std::string key, Told& told) {
  for (const auto end : {text.size() / 3, text.size()}) {
    auto writer = told.token.empty() ? co_await ok(store.open_writer({key})) : co_await ok(store.reopen_writer(told.token));
    co_await ok(writer->append(bytes_of(text.substr(told.offset, end - told.offset))));
    const auto offset = co_await ok(writer->commit());
    told.token = writer->token();
    told.offset = offset;
    if (end == text.size()) co_await ok(writer->finish(std::nullopt));
  }
  told.whole = true;
  co_return {};
}

Task<Result<void>> adopt(BlobStore& store, std::string key, std::filesystem::path file, Told& told) {
  co_await ok(store.adopt({key}, std::move(file)));
  told.whole = true;
  co_return {};
}

class EachWrite : public ::testing::TestWithParam<int> {
 protected:
  using Act = std::function<Task<Result<void>>(BlobStore&, std::string, Told&)>;

  void fail_each(const Act& act) {
    int nth = 0;
    for (bool met = true; met && !HasFailure();) {
      ++nth;
      SCOPED_TRACE("operation " + std::to_string(nth));
      FailingFiles::Order order{.code = GetParam()};
      engine_.open(std::make_unique<FailingFiles>(order));
      order.operations_until = nth;
      const auto key = "blob-" + std::to_string(nth);
      Told told;

      const auto done = run(act(engine_.store(), key, told));

      EXPECT_EQ(done.has_value(), !order.met);
      if (!done) expect_error(done.error());
      engine_.reopen();
      expect_kept(key, told);
      met = order.met;
    }
    EXPECT_GT(nth, 3) << "too few operations were failed";
  }
  static void expect_error(const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::unavailable) << error.message;
    if (GetParam() == ENOSPC) EXPECT_EQ(error.code, "storage_full") << error.message;
  }
  void expect_kept(const std::string& key, const Told& told) {
    const auto read = run(read_all(engine_.store(), key));
    if (read) EXPECT_TRUE(*read == text) << "a published blob is not whole";
    EXPECT_TRUE(read || !told.whole) << "a finished blob is gone";
    if (read || told.offset == 0) return;
    auto writer = run(engine_.store().reopen_writer(told.token));
    ASSERT_TRUE(writer) << writer.error().message;
    ASSERT_GE((*writer)->committed_offset(), told.offset);
    ASSERT_TRUE(run((*writer)->append(bytes_of(text.substr((*writer)->committed_offset())))));
    ASSERT_TRUE(run((*writer)->finish(std::nullopt)));
    EXPECT_TRUE(run(read_all(engine_.store(), key)).value() == text) << "the resumed blob has other bytes";
  }

  testing::OrdinaryUser user_;
  testing::LocalBlobEngine engine_;
};

TEST_P(EachWrite, OfABlobInOneGoMayFailAndLeavesAllOrNothing) { fail_each(store_at_once); }

TEST_P(EachWrite, OfABlobInPartsMayFailAndLosesNothingAcknowledged) { fail_each(store_in_parts); }

TEST_P(EachWrite, OfAChildsFileMayFailAndLeavesAllOrNothing) {
  const auto file = engine_.folder() / "output.bin";
  fail_each([&](BlobStore& store, std::string key, Told& told) {
    engine_.child_output(text);
    return adopt(store, std::move(key), file, told);
  });
}

INSTANTIATE_TEST_SUITE_P(, EachWrite, ::testing::Values(EIO, ENOSPC),
                         [](const auto& code) { return code.param == EIO ? "OnABrokenDisk" : "OnAFullDisk"; });

}  // namespace
}  // namespace kinora
