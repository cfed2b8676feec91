#include <gtest/gtest.h>

#include <fstream>

#include "adapters/database/sqlite/sqlite_database.hpp"
#include "adapters/database/tests/faulty_disk.hpp"
#include "adapters/database/tests/sqlite_engine.hpp"
#include "ports/database_contract.hpp"
#include "ports/database_migrations_contract.hpp"

namespace kinora {
namespace {

using namespace database_contract;
using database_migrations_contract::notes;
using testing::FaultyDisk;
using testing::SqliteEngine;

/// A database in use, and where copies of it go.
class SqliteCopies : public ::testing::Test {
 protected:
  SqliteCopies() {
    EXPECT_TRUE(run(engine_.database().migrate({std::begin(tables), std::end(tables)})));
    EXPECT_TRUE(run(engine_.database().transact(anyone(), open_account, std::string("ana"), 0)));
  }
  void deposit_one() { ASSERT_TRUE(run(engine_.database().transact(anyone(), deposit, std::string("ana"), 1))); }
  Result<void> copy() { return copy_database(engine_.file(), copy_file(), engine_.clock); }
  std::filesystem::path copy_file() const { return engine_.file().parent_path() / "copy.db"; }
  int total_in(const std::filesystem::path& file) {
    auto database = open_database(file, engine_.clock, engine_.log);
    EXPECT_TRUE(database) << database.error().message;
    return run((*database)->read(anyone(), total)).value_or(-1);
  }

  FaultyDisk disk_;
  SqliteEngine engine_;
};

TEST_F(SqliteCopies, HoldWhatIsCommittedWhileOthersGoOn) {
  deposit_one();

  ASSERT_TRUE(copy());
  deposit_one();

  EXPECT_EQ(total_in(copy_file()), 1);
}

TEST_F(SqliteCopies, TakeThePlaceOfEarlierOnes) {
  deposit_one();
  ASSERT_TRUE(copy());
  deposit_one();

  ASSERT_TRUE(copy());

  EXPECT_EQ(total_in(copy_file()), 2);
}

TEST_F(SqliteCopies, AreTheOldOneOrTheNewWhereverTheDiskGetsFull) {
  ASSERT_TRUE(copy());
  bool reached = true;
  for (int nth = 1, held = 0; reached; ++nth) {
    deposit_one();
    disk_.fail_changes(nth, FaultyDisk::for_ever, SQLITE_FULL);
    const auto copied = copy();
    reached = disk_.has_failed();
    disk_.heal();

    const int holds = total_in(copy_file());
    EXPECT_TRUE(holds == held || holds == nth) << holds << " after a failure at change " << nth;
    if (copied) EXPECT_EQ(holds, nth);
    held = holds;
  }
}

TEST_F(SqliteCopies, AppearWholeOrNotAtAll) {
  bool reached = true;
  for (int nth = 1; reached; ++nth) {
    std::filesystem::remove(copy_file());
    disk_.fail_changes(nth, FaultyDisk::for_ever, SQLITE_FULL);
    const auto copied = copy();
    reached = disk_.has_failed();
    disk_.heal();

    EXPECT_EQ(database_exists(copy_file()), copied.has_value()) << "after a failure at change " << nth;
  }
  EXPECT_EQ(total_in(copy_file()), 0);
}

TEST_F(SqliteCopies, AreNotMadeOfNothing) {
  const auto copied = copy_database(copy_file().string() + ".none", copy_file(), engine_.clock);

  EXPECT_EQ(copied.error().kind, ErrorKind::not_found);
  EXPECT_FALSE(database_exists(copy_file()));
}

TEST_F(SqliteCopies, AreKeptBeforeAMigration) {
  deposit_one();

  ASSERT_TRUE(run(engine_.database().migrate({notes})));

  EXPECT_EQ(total_in(copy_before_migration(engine_.file())), 1);
}

TEST_F(SqliteCopies, AreOfTheSchemaBeforeHoweverOftenAMigrationFails) {
  for (int start = 0; start < 2; ++start) {
    EXPECT_FALSE(run(engine_.database().migrate({notes, database_migrations_contract::half_wrong})));
    engine_.reopen();
  }

  auto copy = open_database(copy_before_migration(engine_.file()), engine_.clock, engine_.log);
  ASSERT_TRUE(copy);
  EXPECT_FALSE(run((*copy)->read(anyone(), database_migrations_contract::count_notes)));
}

TEST_F(SqliteCopies, AreNotKeptWhenThereIsNothingToMigrate) {
  EXPECT_FALSE(database_exists(copy_before_migration(engine_.file()))) << "by the first migration of an empty database";
  ASSERT_TRUE(run(engine_.database().migrate({notes})));
  deposit_one();

  ASSERT_TRUE(run(engine_.database().migrate({notes})));

  EXPECT_EQ(total_in(copy_before_migration(engine_.file())), 0);
}

TEST_F(SqliteCopies, AreAConditionOfAMigration) {
  std::ofstream(copy_before_migration(engine_.file())) << "a file that is no database, in the way of the copy";

  EXPECT_FALSE(run(engine_.database().migrate({notes})));
  EXPECT_FALSE(run(engine_.database().read(anyone(), database_migrations_contract::count_notes)));
}

}  // namespace
}  // namespace kinora
