#pragma once

#include <gtest/gtest.h>

#include "base/tests/run.hpp"
#include "ports/database.hpp"

/// What every Database adapter must do with migrations. Engine: see database_contract.hpp.
namespace kinora::database_migrations_contract {

using testing::run;

inline constexpr Migration notes{"notes", 1, R"(
-- two statements; and a comment with a ; inside
CREATE TABLE notes (words @TEXT NOT NULL DEFAULT 'a;b', written_at @TIME NOT NULL DEFAULT (db_now()));
CREATE INDEX idx_notes_words ON notes (words);
)"};
inline constexpr Migration more_notes{"notes", 2, "ALTER TABLE notes ADD COLUMN author @TEXT"};
inline constexpr Migration half_wrong{"notes", 2, "CREATE TABLE half (a @INT); CREATE TABLE notes (b @INT)"};
inline constexpr Migration changed_notes{"notes", 1, "CREATE TABLE notes (words @TEXT)"};
inline constexpr Migration pages_on_notes{"pages", 1, "CREATE INDEX idx_notes_written_at ON notes (written_at)"};

inline Task<Result<std::int64_t>> count_notes(Transaction tx) {
  co_return co_await tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM notes"});
}
inline Task<Result<std::int64_t>> count_half(Transaction tx) {
  co_return co_await tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM half"});
}
inline Task<Result<std::vector<int>>> recorded(Transaction tx) {
  co_return co_await tx.all<int>(Sql{"SELECT version FROM schema_migrations WHERE owner = 'notes' ORDER BY version"});
}
inline Task<Result<std::int64_t>> count_idempotency_keys(Transaction tx) {
  co_return co_await tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM idempotency_keys"});
}

template <class Engine>
class DatabaseMigrationsContract : public ::testing::Test {
 protected:
  Result<void> migrate(std::vector<Migration> steps) { return run(engine_.database().migrate(std::move(steps))); }
  template <class Body>
  auto read(Body body) {
    return run(engine_.database().read(Caller::system("contract"), body));
  }
  void reopen() { engine_.reopen(); }

 private:
  Engine engine_;
};
TYPED_TEST_SUITE_P(DatabaseMigrationsContract);

TYPED_TEST_P(DatabaseMigrationsContract, RunEveryStatementOfAStep) {
  ASSERT_TRUE(this->migrate({notes, more_notes}));

  EXPECT_EQ(this->read(count_notes).value(), 0);
  EXPECT_EQ(this->read(recorded).value(), (std::vector{1, 2}));
}

TYPED_TEST_P(DatabaseMigrationsContract, MakeThePortsOwnTables) {
  ASSERT_TRUE(this->migrate({}));

  EXPECT_EQ(this->read(count_idempotency_keys).value(), 0);
}

TYPED_TEST_P(DatabaseMigrationsContract, RunEachStepOnce) {
  ASSERT_TRUE(this->migrate({notes}));
  this->reopen();

  const auto again = this->migrate({notes});

  EXPECT_TRUE(again) << again.error().message;
}

TYPED_TEST_P(DatabaseMigrationsContract, GoOnWhereTheyStopped) {
  ASSERT_TRUE(this->migrate({notes}));
  this->reopen();

  ASSERT_TRUE(this->migrate({notes, more_notes}));

  EXPECT_EQ(this->read(recorded).value(), (std::vector{1, 2}));
}

TYPED_TEST_P(DatabaseMigrationsContract, RunOwnersInTheOrderGiven) { EXPECT_TRUE(this->migrate({notes, pages_on_notes})); }

TYPED_TEST_P(DatabaseMigrationsContract, LeaveTheSchemaAsItWasWhenAStepFails) {
  const auto outcome = this->migrate({notes, half_wrong});

  EXPECT_FALSE(outcome);
  EXPECT_FALSE(this->read(count_half));
  EXPECT_FALSE(this->read(count_notes)) << "of the step before it, too";
  EXPECT_TRUE(this->read(recorded).value().empty());
}

TYPED_TEST_P(DatabaseMigrationsContract, RefuseAStepThatChangedAfterItRan) {
  ASSERT_TRUE(this->migrate({notes}));

  const auto outcome = this->migrate({changed_notes});

  EXPECT_EQ(outcome.error().kind, ErrorKind::conflict);
  EXPECT_NE(outcome.error().message.find("notes/1"), std::string::npos) << outcome.error().message;
}

TYPED_TEST_P(DatabaseMigrationsContract, RefuseADatabaseNewerThanTheProgram) {
  ASSERT_TRUE(this->migrate({notes, more_notes}));

  const auto outcome = this->migrate({notes});

  EXPECT_EQ(outcome.error().kind, ErrorKind::conflict);
  EXPECT_NE(outcome.error().message.find("newer than this program"), std::string::npos) << outcome.error().message;
}

TYPED_TEST_P(DatabaseMigrationsContract, RefuseAListWithAGap) {
  const auto outcome = this->migrate({more_notes});

  EXPECT_EQ(outcome.error().kind, ErrorKind::internal);
  EXPECT_NE(outcome.error().message.find("where step 1 belongs"), std::string::npos) << outcome.error().message;
}

REGISTER_TYPED_TEST_SUITE_P(DatabaseMigrationsContract, RunEveryStatementOfAStep, MakeThePortsOwnTables, RunEachStepOnce,
                            GoOnWhereTheyStopped, RunOwnersInTheOrderGiven, LeaveTheSchemaAsItWasWhenAStepFails,
                            RefuseAStepThatChangedAfterItRan, RefuseADatabaseNewerThanTheProgram, RefuseAListWithAGap);

}  // namespace kinora::database_migrations_contract
