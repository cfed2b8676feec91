#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <vector>

#include "adapters/blob_store/local/tests/local_engine.hpp"
#include "ports/blob_store_contract.hpp"

// What a power cut may leave: what was synced, and of the rest nothing, a part, or all. Each state in which a disk may be found
// after each single operation of an upload is built, opened again and compared with what had been acknowledged by then.
namespace kinora {
namespace {

using blob_store_contract::pattern;
using blob_store_contract::read_all;
using testing::run;

enum class Unsynced : std::uint8_t { lost, torn, kept };

/// A disk as two pictures: what programs see, and what would be left.
class Disk {
 public:
  struct File {
    std::string seen;
    std::string synced;
  };
  using Names = std::map<std::filesystem::path, std::shared_ptr<File>>;
  Names seen;
  Names synced;

  std::map<std::filesystem::path, std::string> left(Unsynced how) const {
    std::map<std::filesystem::path, std::string> files;
    for (const auto& [path, file] : how == Unsynced::lost ? synced : seen) {
      if (how == Unsynced::lost) files[path] = file->synced;
      if (how == Unsynced::torn) files[path] = torn(*file);
      if (how == Unsynced::kept) files[path] = file->seen;
    }
    return files;
  }

 private:
  /// New up to the middle of what differs, old from there.
  static std::string torn(const File& file) {
    auto old = file.synced;
    old.resize(std::max(old.size(), file.seen.size()));
    std::size_t first = old.size();
    std::size_t last = 0;
    for (std::size_t at = 0; at < file.seen.size(); ++at)
      if (at >= file.synced.size() || file.seen[at] != old[at]) first = std::min(first, last = at);
    const auto middle = std::min(first + (last - std::min(first, last)) / 2, file.seen.size());
    return file.seen.substr(0, middle) + (middle < file.synced.size() ? file.synced.substr(middle) : "");
  }
};

/// Does everything for real, and keeps the two pictures after each operation.
class RecordingFiles final : public BlobFiles {
 public:
  explicit RecordingFiles(std::vector<Disk>& history) : history_(history) {}

  Result<BlobFile> create(const std::filesystem::path& path) override {
    auto file = BlobFiles::create(path);
    by_fd_[file->fd()] = disk_.seen[path] = std::make_shared<Disk::File>();
    note();
    return file;
  }
  Result<void> write(const BlobFile& file, std::span<const std::byte> bytes, std::uint64_t offset) override {
    auto& content = by_fd_.at(file.fd())->seen;
    content.resize(std::max<std::size_t>(content.size(), offset + bytes.size()));
    content.replace(offset, bytes.size(), text_of(bytes));
    note();
    return BlobFiles::write(file, bytes, offset);
  }
  Result<void> sync(const BlobFile& file) override {
    by_fd_.at(file.fd())->synced = by_fd_.at(file.fd())->seen;
    note();
    return BlobFiles::sync(file);
  }
  Result<void> sync_folder(const std::filesystem::path& folder) override {
    std::erase_if(disk_.synced, [&](const auto& entry) { return entry.first.parent_path() == folder; });
    for (const auto& [path, file] : disk_.seen)
      if (path.parent_path() == folder) disk_.synced[path] = file;
    note();
    return BlobFiles::sync_folder(folder);
  }
  Result<void> move(const std::filesystem::path& from, const std::filesystem::path& to) override {
    disk_.seen[to] = disk_.seen.extract(from).mapped();
    note();
    return BlobFiles::move(from, to);
  }
  Result<void> remove(const std::filesystem::path& path) override {
    disk_.seen.erase(path);
    note();
    return BlobFiles::remove(path);
  }

 private:
  /// A deep copy: later writes must not reach into history.
  void note() {
    std::map<const Disk::File*, std::shared_ptr<Disk::File>> copies;
    const auto copy = [&](const Disk::Names& names) {
      Disk::Names copied;
      for (const auto& [path, file] : names) {
        auto& made = copies[file.get()];
        if (!made) made = std::make_shared<Disk::File>(*file);
        copied[path] = made;
      }
      return copied;
    };
    Disk picture;
    picture.seen = copy(disk_.seen);
    picture.synced = copy(disk_.synced);
    history_.push_back(std::move(picture));
  }

  std::vector<Disk>& history_;
  Disk disk_;
  std::map<int, std::shared_ptr<Disk::File>> by_fd_;
};

/// What the uploader has been told, and after how many operations.
struct Acknowledged {
  std::size_t operations = 0;
  std::uint64_t offset = 0;
  bool finished = false;
};

struct Upload {
  std::string token;
  std::vector<Acknowledged> told;
};

enum class Commits : std::uint8_t { none, each_part };

Task<Result<Upload>> upload(BlobStore& store, std::string text, Commits commits, std::vector<Disk>& history) {
  auto writer = co_await ok(store.open_writer({"video"}));
  Upload upload{writer->token(), {}};
  const auto half = text.size() / 2;
  for (const auto& part : {text.substr(0, half), text.substr(half)}) {
    co_await ok(writer->append(bytes_of(part)));
    if (commits == Commits::none) continue;
    const auto offset = co_await ok(writer->commit());
    upload.told.push_back({history.size(), offset, false});
  }
  co_await ok(writer->finish(std::nullopt));
  upload.told.push_back({history.size(), text.size(), true});
  co_return upload;
}

class PowerCut : public ::testing::Test {
 protected:
  void start_after_a_cut(const Disk& disk, Unsynced how) {
    for (const auto* folder : {"store/staging", "store/blobs"})
      for (const auto& entry : std::filesystem::recursive_directory_iterator(engine_.folder() / folder))
        if (entry.is_regular_file()) std::filesystem::remove(entry);
    for (const auto& [path, content] : disk.left(how)) std::ofstream(path, std::ios::binary) << content;
    engine_.reopen();
  }
  void expect_nothing_acknowledged_is_lost(const Upload& upload, std::size_t operations, const std::string& text) {
    Acknowledged last;
    for (const auto& told : upload.told)
      if (told.operations <= operations) last = told;
    const auto published = run(read_all(engine_.store(), "video"));
    if (published) {
      EXPECT_TRUE(*published == text) << "a published blob is not whole";
      return;
    }
    EXPECT_FALSE(last.finished) << "a finished blob is gone";
    const auto writer = run(engine_.store().reopen_writer(upload.token));
    if (last.offset > 0) {
      ASSERT_TRUE(writer) << writer.error().message;
      EXPECT_GE((*writer)->committed_offset(), last.offset);
    }
    if (!writer) return;
    const auto rest = text.substr((*writer)->committed_offset());
    ASSERT_TRUE(run((*writer)->append(bytes_of(rest))));
    EXPECT_TRUE(run((*writer)->finish(hash_of(text)))) << "the resumed blob has other bytes";
  }
  void cut_after_each_operation(Commits commits) {
    const auto text = pattern(10'001);
    std::vector<Disk> history;
    engine_.open(std::make_unique<RecordingFiles>(history));
    const auto before = history.size();
    const auto done = run(upload(engine_.store(), text, commits, history));
    ASSERT_TRUE(done) << done.error().message;
    ASSERT_GT(history.size(), before + 4);

    for (auto operations = before + 1; operations <= history.size(); ++operations)
      for (const auto how : {Unsynced::lost, Unsynced::torn, Unsynced::kept}) {
        SCOPED_TRACE(std::to_string(operations) + " operations, unsynced " + std::to_string(static_cast<int>(how)));
        start_after_a_cut(history[operations - 1], how);
        expect_nothing_acknowledged_is_lost(*done, operations, text);
      }
  }
  static Sha256 hash_of(const std::string& text) {
    RunningSha256 hash;
    hash.feed(bytes_of(text));
    return hash.digest();
  }

  testing::LocalBlobEngine engine_;
};

TEST_F(PowerCut, LosesNothingThatWasAcknowledgedAfterAnyOperation) { cut_after_each_operation(Commits::each_part); }

TEST_F(PowerCut, PublishesNoHalfOfWhatWasWrittenInOneGo) { cut_after_each_operation(Commits::none); }

}  // namespace
}  // namespace kinora
