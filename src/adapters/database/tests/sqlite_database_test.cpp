#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "adapters/database/tests/faulty_disk.hpp"
#include "adapters/database/tests/sqlite_engine.hpp"
#include "ports/database_contract.hpp"

namespace kinora {
namespace {

using namespace database_contract;
using testing::FaultyDisk;
using testing::SqliteEngine;
using testing::TempFolder;

struct Hold {
  std::binary_semaphore begun{0};
  std::binary_semaphore may_end{0};
};
Task<Result<void>> hold_the_writer(Transaction, Hold* hold) {
  hold->begun.release();
  EXPECT_TRUE(hold->may_end.try_acquire_for(std::chrono::seconds(10)));
  co_return {};
}
Task<Result<Time>> database_time(Transaction tx) { co_return co_await tx.one<Time>(Sql{"SELECT db_now()"}); }

/// Fibers on this thread, run step by step. The writer is held until release(), so that what is started now waits for it.
class SqliteDatabase : public ::testing::Test {
 protected:
  SqliteDatabase() { EXPECT_TRUE(run(engine_.database().migrate({std::begin(tables), std::end(tables)}))); }

  void hold() {
    fibers_.spawn(keep(engine_.database().transact(anyone(), hold_the_writer, &hold_), &held_));
    io_.poll();
    ASSERT_TRUE(hold_.begun.try_acquire_for(std::chrono::seconds(10)));
  }
  void release() { hold_.may_end.release(); }
  const Result<void>& held() const { return held_; }
  void start_deposits(std::vector<Result<void>>& outcomes) {
    for (auto& outcome : outcomes)
      fibers_.spawn(keep(engine_.database().transact(anyone(), deposit, std::string("ana"), 1), &outcome));
    io_.poll();
  }
  void open_ana() { ASSERT_TRUE(run(engine_.database().transact(anyone(), open_account, std::string("ana"), 0))); }
  int total_now() { return run(engine_.database().read(anyone(), total)).value_or(-1); }

  FaultyDisk disk_;
  SqliteEngine engine_;
  asio::io_context io_;
  TaskGroup fibers_{io_.get_executor()};

 private:
  Hold hold_;
  Result<void> held_;
};

TEST_F(SqliteDatabase, AsksTheClockPortForTheTime) {
  engine_.clock.time += std::chrono::microseconds(1);

  EXPECT_EQ(run(engine_.database().read(anyone(), database_time)).value(), engine_.clock.time);
}

TEST_F(SqliteDatabase, CommitsBodiesThatWaitTogether) {
  open_ana();
  std::vector<Result<void>> outcomes(63);
  hold();
  start_deposits(outcomes);
  const int syncs_before = disk_.syncs();

  release();
  io_.run();

  EXPECT_EQ(total_now(), 63);
  EXPECT_LE(disk_.syncs() - syncs_before, 4);
}

TEST_F(SqliteDatabase, RefusesMoreThanItsQueueHolds) {
  open_ana();
  std::vector<Result<void>> outcomes(1025);
  hold();

  start_deposits(outcomes);
  release();
  io_.run();

  EXPECT_EQ(outcomes.back().error().kind, ErrorKind::unavailable);
  EXPECT_EQ(total_now(), 1024);
}

TEST_F(SqliteDatabase, RunsWhatItAcceptedBeforeItCloses) {
  open_ana();
  std::vector<Result<void>> outcomes(200);
  hold();
  start_deposits(outcomes);

  release();
  engine_.close();
  io_.run();

  for (const auto& outcome : outcomes) EXPECT_TRUE(outcome);
  engine_.reopen();
  EXPECT_EQ(total_now(), 200);
}

Task<Result<void>> deposit_late(Database& database) {
  co_return co_await within(std::chrono::milliseconds(1), database.transact(anyone(), deposit, std::string("ana"), 1));
}
TEST_F(SqliteDatabase, TakesBackAWaitingBodyWhenItsFiberIsStopped) {
  open_ana();
  Result<void> outcome;
  hold();

  fibers_.spawn(keep(deposit_late(engine_.database()), &outcome));
  while (outcome && io_.run_one_for(std::chrono::seconds(10)) > 0) continue;
  release();
  io_.run();

  EXPECT_EQ(outcome.error().kind, ErrorKind::timeout);
  EXPECT_EQ(total_now(), 0);
}

TEST_F(SqliteDatabase, SeesABodyToItsEndHoweverOftenItsFiberIsStopped) {
  hold();

  for (int times = 0; times < 3; ++times) {
    fibers_.stop();
    io_.poll();
  }
  EXPECT_EQ(fibers_.size(), 1U);
  release();
  io_.run();

  EXPECT_TRUE(held()) << held().error().message;
}

Task<void> call_at(std::chrono::steady_clock::time_point when, std::function<void()> act) {
  (void)co_await pause_for(when - std::chrono::steady_clock::now());
  act();
}
TEST_F(SqliteDatabase, BeginsNoBodyWhoseDeadlinePassedWhileItWaited) {
  open_ana();
  auto hasty = anyone();
  hasty.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
  Result<void> outcome;
  hold();

  fibers_.spawn(keep(engine_.database().transact(hasty, deposit, std::string("ana"), 1), &outcome));
  fibers_.spawn(call_at(hasty.deadline, [this] { release(); }));
  io_.run();

  EXPECT_EQ(outcome.error().kind, ErrorKind::timeout);
  EXPECT_EQ(total_now(), 0);
}

TEST_F(SqliteDatabase, KeepsItsFileFromOtherUsers) {
  struct stat status{};
  ASSERT_EQ(::stat(engine_.file().c_str(), &status), 0);

  EXPECT_EQ(status.st_mode & 0777, static_cast<mode_t>(0600));
}

TEST(SqliteDatabaseOpening, StartsAndStopsUnderLoad) {
  for (int round = 0; round < 30; ++round) {
    SqliteEngine engine;
    ASSERT_TRUE(run(engine.database().migrate({std::begin(tables), std::end(tables)})));
    std::vector<Result<void>> outcomes(20);
    std::vector<Task<void>> tasks;
    for (std::size_t number = 0; number < outcomes.size(); ++number)
      tasks.push_back(keep(engine.database().transact(anyone(), open_account, std::to_string(number), 1), &outcomes[number]));
    std::vector<Result<int>> totals(20);
    for (auto& seen : totals) tasks.push_back(keep(engine.database().read(anyone(), total), &seen));

    run(together(std::move(tasks)));

    ASSERT_EQ(run(engine.database().scan(anyone(), total)).value(), 20);
  }
}

class DatabaseUrl : public ::testing::Test {
 protected:
  Result<std::unique_ptr<Database>> open_at(const std::string& url) { return open_database(url, clock_, log_); }

  const TempFolder folder_;

 private:
  testing::StoppedClock clock_;
  testing::SilentLog log_;
};

TEST_F(DatabaseUrl, InAMissingFolderIsToldWithItsPath) {
  const auto opened = open_at("/nowhere/at/all/kinora.db");

  EXPECT_EQ(opened.error().kind, ErrorKind::unavailable);
  EXPECT_NE(opened.error().message.find("/nowhere/at/all/kinora.db"), std::string::npos) << opened.error().message;
}

TEST_F(DatabaseUrl, OfAFileThatIsNoDatabaseIsRefused) {
  const auto file = folder_.path() / "kinora.db";
  std::ofstream(file) << std::string(5000, 'x');

  const auto opened = open_at(file);

  EXPECT_EQ(opened.error().kind, ErrorKind::internal);
  EXPECT_NE(opened.error().message.find("damaged"), std::string::npos) << opened.error().message;
}

TEST_F(DatabaseUrl, WithAnUnknownSchemeIsRefusedWithoutRepeatingItsPassword) {
  const auto opened = open_at("postgresql://kinora:secret@db/kinora");

  EXPECT_EQ(opened.error().kind, ErrorKind::unsupported);
  EXPECT_NE(opened.error().message.find("postgresql"), std::string::npos);
  EXPECT_EQ(opened.error().message.find("secret"), std::string::npos);
}

TEST_F(DatabaseUrl, NeedsAPath) { EXPECT_EQ(open_at("sqlite:").error().kind, ErrorKind::invalid); }

TEST_F(DatabaseUrl, MayBeABarePathOrNameItsScheme) {
  const auto file = (folder_.path() / "with:colon.db").string();

  EXPECT_TRUE(open_at(file));
  EXPECT_TRUE(open_at("sqlite:" + file));
  EXPECT_TRUE(open_at("sqlite://" + file));
  EXPECT_TRUE(std::filesystem::exists(file));
}

TEST(SqliteDatabaseClosing, LeavesOneFileThatHasEverything) {
  SqliteEngine engine;
  ASSERT_TRUE(run(engine.database().migrate({{"whole", 1, "CREATE TABLE pages (number @INT PRIMARY KEY)"}})));
  ASSERT_TRUE(run(engine.database().read(Caller::system("test"), database_time)));

  engine.close();

  EXPECT_FALSE(std::filesystem::exists(engine.file().string() + "-wal"));
}

TEST(ExamineDatabase, HasNothingToSayOfAWholeOne) {
  SqliteEngine engine;
  ASSERT_TRUE(run(engine.database().migrate({{"whole", 1, "CREATE TABLE pages (number @INT PRIMARY KEY)"}})));

  const auto complaints = examine_database("sqlite:" + engine.file().string(), engine.clock);

  ASSERT_TRUE(complaints) << complaints.error().message;
  EXPECT_TRUE(complaints->empty()) << complaints->front();
}

TEST(ExamineDatabase, FindsAPageThatWasOverwritten) {
  SqliteEngine engine;
  ASSERT_TRUE(run(engine.database().migrate({{"whole", 1, "CREATE TABLE pages (number @INT PRIMARY KEY)"}})));
  engine.close();
  std::fstream file(engine.file(), std::ios::binary | std::ios::in | std::ios::out);
  file.seekp(4096);
  file << std::string(4096, 'x');
  file.close();

  const auto complaints = examine_database(engine.file().string(), engine.clock);

  EXPECT_TRUE(!complaints || !complaints->empty());
}

TEST(ExamineDatabase, MakesNoFileThatIsNotThere) {
  SqliteEngine engine;
  const auto absent = engine.file().parent_path() / "absent.db";

  EXPECT_EQ(examine_database(absent.string(), engine.clock).error().kind, ErrorKind::not_found);
  EXPECT_FALSE(std::filesystem::exists(absent));
}

}  // namespace
}  // namespace kinora
