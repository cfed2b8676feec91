#include <gtest/gtest.h>

#include <filesystem>

#include "adapters/database/sqlite/readers.hpp"
#include "adapters/database/tests/faulty_disk.hpp"
#include "adapters/database/tests/sqlite_engine.hpp"
#include "ports/database_contract.hpp"

namespace kinora {
namespace {

using namespace database_contract;
using testing::FaultyDisk;
using testing::SqliteEngine;

/// An account of Ana, and readers that were used before.
class SqliteSnapshots : public ::testing::Test {
 protected:
  SqliteSnapshots() {
    EXPECT_TRUE(run(database().migrate({std::begin(tables), std::end(tables)})));
    EXPECT_TRUE(run(database().transact(anyone(), open_account, std::string("ana"), 0)));
    EXPECT_EQ(total_in(database()), 0);
  }
  Database& database() { return engine_.database(); }
  static int total_in(Database& database) { return run(database.read(anyone(), total)).value_or(-1); }
  static void add_one(Database& database) { ASSERT_TRUE(run(database.transact(anyone(), deposit, std::string("ana"), 1))); }
  std::uintmax_t log_bytes() const { return std::filesystem::file_size(engine_.file().string() + "-wal"); }

  FaultyDisk disk_;
  SqliteEngine engine_;
};

std::ptrdiff_t open_descriptors_of(const std::string& file) {
  std::ptrdiff_t count = 0;
  std::error_code code;
  for (const auto& each : std::filesystem::directory_iterator("/proc/self/fd"))
    count += std::filesystem::read_symlink(each.path(), code).string().starts_with(file) ? 1 : 0;
  return count;
}

TEST_F(SqliteSnapshots, LeaveNothingOpenWhenNobodyReadInThem) {
  const auto copy = engine_.file().string() + ".copy";
  {
    ASSERT_TRUE(open_database("sqlite:" + copy, engine_.clock, engine_.log));
  }
  {
    SqliteReaders readers(copy, engine_.clock);
    ASSERT_TRUE(readers.take());
  }

  EXPECT_EQ(open_descriptors_of(copy), 0);
}

TEST_F(SqliteSnapshots, StayOpenWhileNothingIsWritten) {
  constexpr int reads = 100;
  const int before = disk_.locks();

  for (int each = 0; each < reads; ++each) EXPECT_EQ(total_in(database()), 0);

  EXPECT_LT(disk_.locks() - before, reads / 2) << "one that is never left open takes and gives back a lock each time";
}

TEST_F(SqliteSnapshots, HoldWhateverWasCommittedBefore) {
  for (int written = 1; written <= 100; ++written) {
    add_one(database());
    EXPECT_EQ(total_in(database()), written);
  }
}

TEST_F(SqliteSnapshots, LetTheLogBeginAnew) {
  const auto a_page = std::string(4096, 'x');
  for (int each = 0; each < 600; ++each) {
    ASSERT_TRUE(run(database().transact(anyone(), open_account, a_page + std::to_string(each), 0)));
    EXPECT_EQ(total_in(database()), 0);
  }

  EXPECT_LT(log_bytes(), 8U << 20) << "it begins anew at a thousand pages; each name takes at least five";
}

TEST_F(SqliteSnapshots, HoldWhatAnotherProcessHasCommittedBefore) {
  auto opened = open_database("sqlite:" + engine_.file().string(), engine_.clock, engine_.log);
  ASSERT_TRUE(opened);
  for (int written = 1; written <= 100; ++written) {
    add_one(**opened);
    EXPECT_EQ(total_in(database()), written);
  }
}

}  // namespace
}  // namespace kinora
