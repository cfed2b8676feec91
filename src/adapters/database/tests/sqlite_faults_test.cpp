#include <gtest/gtest.h>

#include <algorithm>

#include "adapters/database/tests/faulty_disk.hpp"
#include "adapters/database/tests/sqlite_engine.hpp"
#include "base/tests/run.hpp"
#include "ports/database_health.hpp"

namespace kinora {
namespace {

using testing::FaultyDisk;
using testing::run;
using testing::SqliteEngine;

constexpr Migration tables[] = {{"faults", 1, "CREATE TABLE pages (number @INT PRIMARY KEY, content @BYTES NOT NULL)"}};
constexpr std::size_t content_size_bytes = 50'000;  // a dozen pages: a commit is many writes

Task<Result<void>> add_page(Transaction tx, int number, std::vector<int>* acts) {
  tx.on_commit([acts, number] { acts->push_back(number); });
  co_await ok(tx.change(Sql{"INSERT INTO pages (number, content) VALUES ($1, $2)"}, number, Bytes(content_size_bytes)));
  co_return {};
}
Task<Result<std::vector<int>>> page_numbers(Transaction tx) {
  co_return co_await tx.all<int>(Sql{"SELECT number FROM pages ORDER BY number"});
}
Task<Result<std::string>> integrity(Transaction tx) { co_return co_await tx.one<std::string>(Sql{"PRAGMA integrity_check"}); }

class DatabaseFaults : public ::testing::Test {
 protected:
  DatabaseFaults() { EXPECT_TRUE(run(engine_.database().migrate({std::begin(tables), std::end(tables)}))); }

  Result<void> add(int number) { return run(engine_.database().transact(Caller::system("faults"), add_page, number, &acts_)); }
  std::vector<int> pages() { return run(engine_.database().read(Caller::system("faults"), page_numbers)).value(); }
  std::string check() { return run(engine_.database().scan(Caller::system("faults"), integrity)).value(); }
  const std::vector<int>& acts() const { return acts_; }

  FaultyDisk disk_;  // before the engine, which opens its files through it
  SqliteEngine engine_;

 private:
  std::vector<int> acts_;
};

TEST_F(DatabaseFaults, NeverClaimACommitThatIsNotThere) {
  std::vector<int> told;
  int nth = 0;
  do {
    disk_.fail_changes(++nth, 1, SQLITE_IOERR_WRITE);
    const auto outcome = add(nth);
    disk_.heal();
    if (outcome) told.push_back(nth);

    EXPECT_EQ(outcome.has_value(), !disk_.has_failed()) << "fault at change " << nth;
    engine_.reopen();
    ASSERT_EQ(check(), "ok") << "fault at change " << nth;
    ASSERT_TRUE(std::ranges::includes(pages(), told)) << "fault at change " << nth;
  } while (disk_.has_failed());

  EXPECT_GT(nth, 10) << "too few faults were tried";
  EXPECT_EQ(acts(), told);
}

TEST_F(DatabaseFaults, TellAFullDiskByItsCodeAndRecoverWhenThereIsSpace) {
  disk_.fail_changes(1, FaultyDisk::for_ever, SQLITE_FULL);
  const auto full = add(1);
  disk_.heal();

  const auto with_space = add(2);

  EXPECT_EQ(full.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(full.error().code, "storage_full");
  EXPECT_TRUE(with_space) << with_space.error().message;
  EXPECT_EQ(pages(), std::vector{2});
}

TEST_F(DatabaseFaults, RefuseWritesAfterAFailedSyncUntilReopened) {
  ASSERT_TRUE(add(1));
  disk_.fail_sync(1);

  const auto failed = add(2);
  const auto refused = add(3);

  EXPECT_EQ(failed.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(refused.error().kind, ErrorKind::unavailable);
  EXPECT_EQ(acts(), std::vector{1});
  EXPECT_EQ(pages(), std::vector{1});
  engine_.reopen();
  EXPECT_TRUE(add(4));
}

TEST_F(DatabaseFaults, AreToldToWhoAsksWhetherItCanWrite) {
  const auto ask = [this] { return run(can_write(engine_.database(), Caller::system("faults"))); };
  ASSERT_TRUE(ask());
  disk_.fail_sync(1);
  ASSERT_FALSE(add(1));

  EXPECT_FALSE(ask());
  EXPECT_EQ(pages(), std::vector<int>{}) << "what is there can still be read";
  engine_.reopen();
  EXPECT_TRUE(ask());
}

TEST_F(DatabaseFaults, SyncBeforeSuccessIsTold) {
  const int before = disk_.syncs();

  ASSERT_TRUE(add(1));

  EXPECT_GT(disk_.syncs(), before);
}

}  // namespace
}  // namespace kinora
