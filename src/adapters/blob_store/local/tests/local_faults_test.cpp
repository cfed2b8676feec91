#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "adapters/blob_store/local/checkpoint.hpp"
#include "adapters/blob_store/local/layout.hpp"
#include "adapters/blob_store/local/tests/local_engine.hpp"
#include "adapters/blob_store/open.hpp"
#include "ports/blob_store_contract.hpp"

namespace kinora {
namespace {

using blob_store_contract::go_on;
using blob_store_contract::leave_unfinished;
using blob_store_contract::put;
using blob_store_contract::read_all;
using testing::run;

/// Fails the sync whose number is `failing`, once; then works again, as a kernel does.
class OnceFailingSync final : public BlobFiles {
 public:
  explicit OnceFailingSync(int& failing) : failing_(failing) {}
  Result<void> sync(const BlobFile& file) override {
    if (failing_-- == 0) return file_error("sync", "the blob", EIO);
    return BlobFiles::sync(file);
  }

 private:
  int& failing_;
};

/// Has room for 10 MiB.
class SmallDisk final : public BlobFiles {
 public:
  explicit SmallDisk(std::atomic<std::uint64_t>& free) : free_(free) { free = 10 << 20; }
  Result<void> write(const BlobFile& file, std::span<const std::byte> bytes, std::uint64_t offset) override {
    free_ -= bytes.size();
    return BlobFiles::write(file, bytes, offset);
  }
  Result<std::uint64_t> free_bytes(const std::filesystem::path&) override { return free_.load(); }

 private:
  std::atomic<std::uint64_t>& free_;
};

/// Gives nothing its name.
class NamelessDisk final : public BlobFiles {
 public:
  Result<void> move(const std::filesystem::path&, const std::filesystem::path& to) override {
    return file_error("name", to, EIO);
  }
};

class BlobFaults : public ::testing::Test {
 protected:
  std::atomic<std::uint64_t> free_ = 0;  // of a SmallDisk
  testing::LocalBlobEngine engine_;
};

Task<Result<void>> fill(BlobStore& store, std::string key, std::string piece) {
  auto writer = co_await ok(store.open_writer({std::move(key)}));
  while (true) co_await ok(writer->append(bytes_of(piece)));
}

Task<Result<void>> commit_again_after_a_failed_sync(BlobStore& store) {
  auto writer = co_await ok(store.open_writer({"a"}));
  co_await ok(writer->append(bytes_of("hello")));
  EXPECT_FALSE(co_await writer->commit());
  EXPECT_FALSE(co_await writer->commit());
  EXPECT_FALSE(co_await writer->finish(std::nullopt));
  EXPECT_EQ(writer->committed_offset(), 0U);
  co_return {};
}

TEST_F(BlobFaults, NeverAcknowledgesBytesAfterAFailedSync) {
  int failing = 0;
  engine_.open(std::make_unique<OnceFailingSync>(failing));

  EXPECT_TRUE(run(commit_again_after_a_failed_sync(engine_.store())));
  const auto later = run(put(engine_.store(), "b", "hello"));

  ASSERT_FALSE(later);
  EXPECT_EQ(later.error().code, "storage_failed");
}

TEST_F(BlobFaults, AreToldToWhoAsksWhetherItCanWrite) {
  int failing = 0;
  engine_.open(std::make_unique<OnceFailingSync>(failing));
  ASSERT_TRUE(run(engine_.store().can_write()));
  ASSERT_FALSE(run(put(engine_.store(), "a", "hello")));

  const auto answer = run(engine_.store().can_write());

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "storage_failed");
}

TEST_F(BlobFaults, LeaveNoWritingBelowWhatIsKeptBack) {
  engine_.open(std::make_unique<SmallDisk>(free_), 100 << 20);

  const auto answer = run(engine_.store().can_write());

  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, "storage_full");
}

TEST_F(BlobFaults, AreSeenWhenTheFolderHasGone) {
  std::filesystem::rename(engine_.folder() / "store", engine_.folder() / "elsewhere");
  const auto gone = run(engine_.store().can_write());
  std::filesystem::rename(engine_.folder() / "elsewhere", engine_.folder() / "store");

  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().code, "storage_failed");
  EXPECT_TRUE(run(engine_.store().can_write())) << "it came back";
}

TEST_F(BlobFaults, KeepsTheLastCommitWhenTheNextOnesSyncFails) {
  int failing = 2;  // the bytes and the checkpoint of the first commit, then the bytes of the second
  engine_.open(std::make_unique<OnceFailingSync>(failing));
  const auto token = run(leave_unfinished(engine_.store(), "a", "hel", ""));
  ASSERT_TRUE(token);
  {
    auto writer = run(engine_.store().reopen_writer(*token));
    ASSERT_TRUE(run((*writer)->append(bytes_of("XXX"))));
    EXPECT_FALSE(run((*writer)->commit()));
  }

  engine_.reopen();
  const auto offset = run(go_on(engine_.store(), *token, "lo"));

  EXPECT_EQ(offset.value_or(0), 3U);
  EXPECT_EQ(run(read_all(engine_.store(), "a")).value_or(""), "hello");
}

TEST_F(BlobFaults, RefusesAWriterWhenTooLittleSpaceIsFree) {
  engine_.open(std::make_unique<SmallDisk>(free_), 100 << 20);

  const auto writer = run(engine_.store().open_writer({"a"}));

  ASSERT_FALSE(writer);
  EXPECT_EQ(writer.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(writer.error().code, "storage_full");
}

TEST_F(BlobFaults, StopsWritingBeforeTheLastSpaceIsTaken) {
  engine_.open(std::make_unique<SmallDisk>(free_), 5 << 20);

  const auto stored = run(put(engine_.store(), "a", std::string(8 << 20, 'x')));

  ASSERT_FALSE(stored);
  EXPECT_EQ(stored.error().code, "storage_full");
}

TEST_F(BlobFaults, LeavesWhatIsKeptBackToManyWritersAtOnce) {
  constexpr std::size_t writers = 8;
  constexpr std::size_t at_once = 2;            // threads of the engine's pool
  constexpr std::size_t write_bytes = 1 << 20;  // a writer gathers as much
  engine_.open(std::make_unique<SmallDisk>(free_), 5 << 20);
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> threads;
    for (std::size_t writer = 0; writer < writers; ++writer)
      threads.emplace_back([&, writer] {
        const auto filled = run(fill(engine_.store(), std::to_string(writer), std::string(write_bytes, 'x')));
        if (!filled && filled.error().code == "storage_full") ++refused;
      });
  }

  EXPECT_EQ(refused, writers);
  EXPECT_GE(free_.load(), (5 << 20) - (at_once - 1) * write_bytes) << "the same look may let in a write of each thread";
  EXPECT_LT(free_.load(), (5 << 20) + write_bytes) << "and all the rest was given";
}

TEST_F(BlobFaults, LeavesAFileThatGotNoNameAsItWasMade) {
  engine_.open(std::make_unique<NamelessDisk>());
  const auto output = engine_.child_output("hello");
  constexpr uid_t nobody = 65534;
  if (::geteuid() == 0) ASSERT_EQ(::chown(output.c_str(), nobody, nobody), 0);

  EXPECT_FALSE(run(engine_.store().adopt({"a"}, output)));

  struct stat left{};
  ASSERT_EQ(::stat(output.c_str(), &left), 0);
  EXPECT_NE(left.st_mode & S_IWUSR, 0U) << "the next child cannot write it";
  if (::geteuid() == 0) EXPECT_EQ(left.st_uid, nobody) << "nor as another user";
}

TEST_F(BlobFaults, LetsNoSecondWriterAtAnUnfinishedBlob) {
  auto writer = run(engine_.store().open_writer({"a"}));

  const auto second = run(engine_.store().reopen_writer((*writer)->token()));

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
}

TEST_F(BlobFaults, GoesBackToTheOlderCheckpointWhenTheNewerIsTorn) {
  const auto token = run(leave_unfinished(engine_.store(), "a", "hel", ""));
  {
    auto writer = run(engine_.store().reopen_writer(*token));
    ASSERT_TRUE(run((*writer)->append(bytes_of("lo"))));
    ASSERT_TRUE(run((*writer)->commit()));
  }
  const auto state = BlobLayout{engine_.folder() / "store"}.state(*WriterToken::parse(*token));
  std::fstream file(state, std::ios::in | std::ios::out);  // slot 0 holds checkpoint 2
  file.seekp(std::string_view("kinora-checkpoint-1 2 5 ").size());
  file.write("0123", 4);
  file.close();

  engine_.reopen();
  const auto offset = run(go_on(engine_.store(), *token, "lo!"));

  EXPECT_EQ(offset.value_or(0), 3U);
  EXPECT_EQ(run(read_all(engine_.store(), "a")).value_or(""), "hello!");
}

TEST_F(BlobFaults, KeepsBlobsReadableForAHandedDescriptorAndFoldersPrivate) {
  ASSERT_TRUE(run(put(engine_.store(), "a", "hello")));
  const auto file = run(engine_.store().materialise({"a"}));

  struct stat entry{};
  struct stat folder{};
  ASSERT_EQ(::stat(file->path().c_str(), &entry), 0);
  ASSERT_EQ(::stat((engine_.folder() / "store").c_str(), &folder), 0);

  EXPECT_EQ(entry.st_mode & 0777, 0444U);
  EXPECT_EQ(folder.st_mode & 0777, 0700U);
}

TEST_F(BlobFaults, AdoptsNoSymbolicLink) {
  const auto target = engine_.child_output("secret");
  const auto link = engine_.folder() / "link";
  std::filesystem::create_symlink(target, link);

  EXPECT_FALSE(run(engine_.store().adopt({"a"}, link)));
  EXPECT_FALSE(run(read_all(engine_.store(), "a")));
}

TEST(RunningSha256, GoesOnFromASavedState) {
  RunningSha256 one;
  one.feed(bytes_of("hel"));

  auto two = RunningSha256::load(one.save(), 3);
  ASSERT_TRUE(two);
  two->feed(bytes_of("lo"));

  EXPECT_EQ(two->digest().hex, blob_store_contract::sha256_of_hello);
}

TEST(RunningSha256, TakesNoStateOfAnotherLength) {
  RunningSha256 hash;
  hash.feed(bytes_of("hel"));

  EXPECT_FALSE(RunningSha256::load(hash.save(), 4));
  EXPECT_FALSE(RunningSha256::load("00", 0));
}

TEST(OpenBlobStore, TakesPathsAndRefusesOtherSchemes) {
  testing::BlobFolder folder;
  testing::CountingRandom random;
  Pool files("files", 1, 4);

  EXPECT_TRUE(open_blob_store({.url = folder.path() / "one"}, files, random));
  EXPECT_TRUE(open_blob_store({.url = "file:" + (folder.path() / "two").string()}, files, random));
  EXPECT_TRUE(std::filesystem::exists(folder.path() / "two/blobs"));
  EXPECT_EQ(open_blob_store({.url = "s3://bucket"}, files, random).error().kind, ErrorKind::unsupported);
  EXPECT_EQ(open_blob_store({.url = ""}, files, random).error().kind, ErrorKind::invalid);
  files.join();
}

TEST_F(BlobFaults, AreNoneToAChildWhenAnotherProcessReadsTheStore) {
  ASSERT_TRUE(run(put(engine_.store(), "a", "hello")));
  const auto lent = run(engine_.store().materialise({"a"}));
  Pool files("files", 1, 4);
  testing::CountingRandom random;

  const auto reader = open_blob_store({(engine_.folder() / "store").string(), 0, BlobAccess::read}, files, random);

  EXPECT_EQ(run(read_all(**reader, "a")).value(), "hello");
  EXPECT_TRUE(std::filesystem::exists(lent->path()));
  files.join();
}

}  // namespace
}  // namespace kinora
