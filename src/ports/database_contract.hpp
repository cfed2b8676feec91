#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "base/deadline.hpp"
#include "base/sync.hpp"
#include "base/tests/run.hpp"
#include "ports/database.hpp"

/// What every Database adapter must do with transactions. An Engine is default-constructible, gives an empty `database()` and,
/// by `reopen()`, another Database over the same rows. See also database_values_contract.hpp,
/// database_migrations_contract.hpp and database_repeats_contract.hpp.
namespace kinora::database_contract {

using testing::run;

inline constexpr Migration tables[] = {{"contract", 1, R"(
CREATE TABLE accounts (name @TEXT PRIMARY KEY, balance @INT NOT NULL, CHECK (balance >= 0));
CREATE TABLE transfers (account @TEXT NOT NULL REFERENCES accounts (name));
)"}};

inline constexpr Sql add_account{"INSERT INTO accounts (name, balance) VALUES ($1, $2)"};
inline constexpr Sql add_transfer{"INSERT INTO transfers (account) VALUES ($1)"};
inline constexpr Sql add_to_balance{"UPDATE accounts SET balance = balance + $2 WHERE name = $1"};
inline constexpr Sql balance_of{"SELECT balance FROM accounts WHERE name = $1"};
inline constexpr Sql total_balance{"SELECT CAST(COALESCE(SUM(balance), 0) AS @INT) FROM accounts"};

inline Task<Result<void>> open_account(Transaction tx, std::string name, int balance) {
  co_await ok(tx.change(add_account, name, balance));
  co_return {};
}
inline Task<Result<void>> deposit(Transaction tx, std::string name, int amount) {
  const auto changed = co_await ok(tx.change(add_to_balance, name, amount));
  if (changed != 1) co_return fail(ErrorKind::not_found, "no account " + name);
  co_return {};
}
inline Task<Result<int>> balance(Transaction tx, std::string name) { co_return co_await tx.one<int>(balance_of, name); }
inline Task<Result<int>> total(Transaction tx) { co_return co_await tx.one<int>(total_balance); }

inline Task<Result<void>> write_then_fail(Transaction tx) {
  co_await ok(tx.change(add_account, std::string("lost"), 1));
  co_return fail(ErrorKind::quota, "no more");
}
inline Task<Result<void>> write_then_throw(Transaction tx) {
  co_await ok(tx.change(add_account, std::string("lost"), 1));
  throw std::runtime_error("boom");
}
inline Task<Result<void>> swallow_a_failed_statement(Transaction tx) {
  co_await ok(tx.change(add_account, std::string("lost"), 1));
  (void)co_await tx.change(add_account, std::string("lost"), 2);
  (void)co_await tx.change(add_account, std::string("also lost"), 3);
  co_return {};
}
inline Task<Result<void>> refer_to_nobody(Transaction tx) {
  co_await ok(tx.change(add_transfer, std::string("nobody")));
  co_return {};
}
inline Task<Result<void>> misspell(Transaction tx) {
  co_await ok(tx.change(Sql{"SELEKT 1"}));
  co_return {};
}
inline Task<Result<void>> note_acts(Transaction tx, std::vector<int>* acts, bool fails) {
  for (int number = 1; number <= 3; ++number) tx.on_commit([acts, number] { acts->push_back(number); });
  co_await ok(tx.change(add_account, std::string("acting"), 1));
  if (fails) co_return fail(ErrorKind::quota, "no more");
  co_return {};
}
inline Task<Result<void>> open_and_wake(Transaction tx, Event* opened) {
  tx.on_commit([opened] { opened->set(); });
  co_await ok(tx.change(add_account, std::string("ana"), 7));
  co_return {};
}
/// Commits and stops its caller before the caller has heard of it.
inline Task<Result<void>> open_and_stop(Transaction tx, Fiber* caller) {
  tx.on_commit([caller] { asio::post(caller->executor, [caller] { caller->stop(ErrorKind::cancelled); }); });
  co_await ok(tx.change(add_account, std::string("ana"), 7));
  co_return {};
}
/// Both halves together must keep 1 in the two accounts; each alone sees enough in the other.
inline Task<Result<void>> withdraw_if_the_other_has(Transaction tx, std::string mine, std::string other) {
  const auto left = co_await ok(tx.one<int>(balance_of, other));
  if (left < 1) co_return fail(ErrorKind::quota, "nothing left");
  co_await ok(tx.change(add_to_balance, mine, -1));
  co_return {};
}

/// Lets a write happen in the middle of a read.
struct Meeting {
  std::binary_semaphore looked{0};
  std::binary_semaphore written{0};
};
inline Task<Result<std::pair<int, int>>> total_before_and_after_a_write(Transaction tx, Meeting* meeting) {
  const auto before = co_await ok(tx.one<int>(total_balance));
  meeting->looked.release();
  EXPECT_TRUE(meeting->written.try_acquire_for(std::chrono::seconds(10)));
  const auto after = co_await ok(tx.one<int>(total_balance));
  co_return std::pair(before, after);
}

inline Task<Result<void>> pause_inside(Transaction) { co_return co_await pause_for(std::chrono::hours(1)); }
inline Task<Result<void>> wait_for_event(Transaction, Event* event) {
  co_await ok(event->wait());
  co_return {};
}
inline Task<Result<void>> nest(Transaction, Database* database) {
  co_return co_await database->transact(Caller::system("inner"), open_account, std::string("nested"), 1);
}

inline Task<void> together(std::vector<Task<void>> tasks) {
  TaskGroup group((co_await this_fiber).executor);
  for (auto& task : tasks) group.spawn(std::move(task));
  co_await group.join();
}
template <class T>
Task<void> keep(Task<Result<T>> task, Result<T>* outcome) {
  *outcome = co_await std::move(task);
}

inline Caller anyone() { return Caller::system("contract"); }
inline Caller too_late() {
  auto caller = anyone();
  caller.deadline = std::chrono::steady_clock::now();
  return caller;
}

template <class Engine>
class DatabaseContract : public ::testing::Test {
 protected:
  void SetUp() override {
    GTEST_FLAG_SET(death_test_style, "threadsafe");  // the engines have threads, which a plain fork would lose
    ASSERT_TRUE(run(database().migrate({std::begin(tables), std::end(tables)})));
  }
  Database& database() { return engine_.database(); }
  void reopen() { engine_.reopen(); }

  template <class Body, class... Args>
  auto write(Body body, Args... args) {
    return run(database().transact(anyone(), body, args...));
  }
  int total_now() { return run(database().read(anyone(), total)).value_or(-1); }

 private:
  Engine engine_;
};
TYPED_TEST_SUITE_P(DatabaseContract);

TYPED_TEST_P(DatabaseContract, KeepsWhatABodyWrote) {
  ASSERT_TRUE(this->write(open_account, std::string("ana"), 7));

  EXPECT_EQ(run(this->database().read(anyone(), balance, std::string("ana"))).value(), 7);
}

TYPED_TEST_P(DatabaseContract, KeepsWhatABodyWroteForTheNextStart) {
  ASSERT_TRUE(this->write(open_account, std::string("ana"), 7));

  this->reopen();

  EXPECT_EQ(this->total_now(), 7);
}

TYPED_TEST_P(DatabaseContract, LeavesNothingOfABodyThatFails) {
  const auto outcome = this->write(write_then_fail);

  EXPECT_EQ(outcome.error().kind, ErrorKind::quota);
  EXPECT_EQ(this->total_now(), 0);
}

TYPED_TEST_P(DatabaseContract, LeavesNothingOfABodyThatThrows) {
  const auto outcome = this->write(write_then_throw);

  EXPECT_EQ(outcome.error().kind, ErrorKind::internal);
  EXPECT_EQ(this->total_now(), 0);
}

TYPED_TEST_P(DatabaseContract, FailsABodyThatGoesOnAfterAFailedStatement) {
  const auto outcome = this->write(swallow_a_failed_statement);

  EXPECT_EQ(outcome.error().kind, ErrorKind::conflict);
  EXPECT_EQ(this->total_now(), 0);
}

TYPED_TEST_P(DatabaseContract, AnswersATakenKeyWithAConflictThatNamesTheTable) {
  ASSERT_TRUE(this->write(open_account, std::string("ana"), 7));

  const auto again = this->write(open_account, std::string("ana"), 8);

  EXPECT_EQ(again.error().kind, ErrorKind::conflict);
  EXPECT_NE(again.error().message.find("accounts"), std::string::npos) << again.error().message;
}

TYPED_TEST_P(DatabaseContract, AnswersABrokenCheckWithAConflict) {
  EXPECT_EQ(this->write(open_account, std::string("ana"), -1).error().kind, ErrorKind::conflict);
}

TYPED_TEST_P(DatabaseContract, AnswersABrokenReferenceWithAConflict) {
  EXPECT_EQ(this->write(refer_to_nobody).error().kind, ErrorKind::conflict);
}

TYPED_TEST_P(DatabaseContract, CallsAStatementItCannotReadABugOfOurs) {
  EXPECT_EQ(this->write(misspell).error().kind, ErrorKind::internal);
}

TYPED_TEST_P(DatabaseContract, RunsActsOnceInTheirOrder) {
  std::vector<int> acts;

  ASSERT_TRUE(this->write(note_acts, &acts, false));

  EXPECT_EQ(acts, (std::vector{1, 2, 3}));
}

TYPED_TEST_P(DatabaseContract, RunsNoActOfABodyThatFails) {
  std::vector<int> acts;

  ASSERT_FALSE(this->write(note_acts, &acts, true));

  EXPECT_EQ(acts, std::vector<int>());
}

inline Task<Result<int>> total_once_woken(Database& database, Event& opened) {
  co_await ok(opened.wait());
  co_return co_await database.read(anyone(), total);
}
TYPED_TEST_P(DatabaseContract, WakesSleepersWhenTheRowsAreVisible) {
  Event opened;
  Result<int> seen;
  Result<void> written;
  std::vector<Task<void>> tasks;
  tasks.push_back(keep(total_once_woken(this->database(), opened), &seen));
  tasks.push_back(keep(this->database().transact(anyone(), open_and_wake, &opened), &written));

  run(together(std::move(tasks)));

  EXPECT_EQ(seen.value(), 7);
}

TYPED_TEST_P(DatabaseContract, LosesNoUpdateAmongManyBodiesAtOnce) {
  constexpr int bodies = 200;
  ASSERT_TRUE(this->write(open_account, std::string("ana"), 0));
  std::vector<Result<void>> outcomes(bodies);
  std::vector<Task<void>> tasks;
  for (auto& outcome : outcomes)
    tasks.push_back(keep(this->database().transact(anyone(), deposit, std::string("ana"), 1), &outcome));

  run(together(std::move(tasks)));

  for (const auto& outcome : outcomes) EXPECT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(this->total_now(), bodies);
}

TYPED_TEST_P(DatabaseContract, KeepsTheNeighboursOfABodyThatFails) {
  constexpr int bodies = 150;
  std::vector<Result<void>> outcomes(bodies);
  std::vector<Task<void>> tasks;
  for (int number = 0; number < bodies; ++number) {
    const int amount = number % 3 == 0 ? -1 : 1;  // a balance below 0 breaks a check
    auto opening = this->database().transact(anyone(), open_account, std::to_string(number), amount);
    tasks.push_back(keep(std::move(opening), &outcomes[static_cast<std::size_t>(number)]));
  }

  run(together(std::move(tasks)));

  for (std::size_t number = 0; number < outcomes.size(); ++number) EXPECT_EQ(outcomes[number].has_value(), number % 3 != 0);
  EXPECT_EQ(this->total_now(), 100);
}

TYPED_TEST_P(DatabaseContract, RefusesWriteSkew) {
  ASSERT_TRUE(this->write(open_account, std::string("ana"), 1));
  ASSERT_TRUE(this->write(open_account, std::string("ben"), 1));
  Result<void> first;
  Result<void> second;
  std::vector<Task<void>> tasks;
  const auto withdraw = withdraw_if_the_other_has;
  tasks.push_back(keep(this->database().transact(anyone(), withdraw, std::string("ana"), std::string("ben")), &first));
  tasks.push_back(keep(this->database().transact(anyone(), withdraw, std::string("ben"), std::string("ana")), &second));

  run(together(std::move(tasks)));

  EXPECT_NE(first.has_value(), second.has_value());
  EXPECT_EQ(this->total_now(), 1);
}

TYPED_TEST_P(DatabaseContract, BeginsNoBodyAfterTheDeadline) {
  const auto written = run(this->database().transact(too_late(), open_account, std::string("ana"), 7));
  const auto read = run(this->database().read(too_late(), total));
  const auto scanned = run(this->database().scan(too_late(), total));

  EXPECT_EQ(written.error().kind, ErrorKind::timeout);
  EXPECT_EQ(read.error().kind, ErrorKind::timeout);
  EXPECT_EQ(scanned.error().kind, ErrorKind::timeout);
  EXPECT_EQ(this->total_now(), 0);
}

template <class T>
Task<Result<T>> when_stopped(Task<Result<T>> work) {
  (co_await this_fiber).stop(ErrorKind::cancelled);
  co_return co_await std::move(work);
}
TYPED_TEST_P(DatabaseContract, BeginsNoBodyOfAStoppedFiber) {
  const auto written = run(when_stopped(this->database().transact(anyone(), open_account, std::string("ana"), 7)));
  const auto read = run(when_stopped(this->database().read(anyone(), total)));
  const auto scanned = run(when_stopped(this->database().scan(anyone(), total)));

  EXPECT_EQ(written.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(read.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(scanned.error().kind, ErrorKind::cancelled);
  EXPECT_EQ(this->total_now(), 0);
}

inline Task<Result<void>> be_stopped_by_the_body(Database& database) {
  auto* self = &co_await this_fiber;
  co_return co_await database.transact(anyone(), open_and_stop, self);
}
TYPED_TEST_P(DatabaseContract, TellsTheOutcomeToAFiberStoppedMeanwhile) {
  const auto outcome = run(be_stopped_by_the_body(this->database()));

  EXPECT_TRUE(outcome) << outcome.error().message;
  EXPECT_EQ(this->total_now(), 7);
}

inline Task<Result<void>> write_between(Database& database, Meeting& meeting) {
  EXPECT_TRUE(meeting.looked.try_acquire_for(std::chrono::seconds(10)));
  auto written = co_await database.transact(anyone(), open_account, std::string("ana"), 7);
  meeting.written.release();
  co_return written;
}
TYPED_TEST_P(DatabaseContract, ShowsAReadOneSnapshot) {
  Meeting meeting;
  Result<std::pair<int, int>> seen;
  Result<void> written;
  std::vector<Task<void>> tasks;
  tasks.push_back(keep(this->database().scan(anyone(), total_before_and_after_a_write, &meeting), &seen));
  tasks.push_back(keep(write_between(this->database(), meeting), &written));

  run(together(std::move(tasks)));

  EXPECT_TRUE(written);
  EXPECT_EQ(seen.value(), std::pair(0, 0));
  EXPECT_EQ(this->total_now(), 7);
}

TYPED_TEST_P(DatabaseContract, WritesNothingInARead) {
  EXPECT_FALSE(run(this->database().read(anyone(), open_account, std::string("ana"), 7)));
  EXPECT_FALSE(run(this->database().scan(anyone(), open_account, std::string("ana"), 7)));

  EXPECT_EQ(this->total_now(), 0);
}

TYPED_TEST_P(DatabaseContract, EndsTheProcessWhenABodyWaitsForSomethingElse) {
  Event event;

  EXPECT_DEATH((void)this->write(pause_inside), "awaited an I/O operation; it may await only its Transaction");
  EXPECT_DEATH((void)this->write(wait_for_event, &event), "awaited another fiber");
  EXPECT_DEATH((void)run(this->database().read(anyone(), pause_inside)), "awaited an I/O operation");
}

TYPED_TEST_P(DatabaseContract, EndsTheProcessWhenABodyBeginsAnotherTransaction) {
  EXPECT_DEATH((void)this->write(nest, &this->database()), "awaited another transaction");
}

REGISTER_TYPED_TEST_SUITE_P(DatabaseContract, KeepsWhatABodyWrote, KeepsWhatABodyWroteForTheNextStart,
                            LeavesNothingOfABodyThatFails, LeavesNothingOfABodyThatThrows,
                            FailsABodyThatGoesOnAfterAFailedStatement, AnswersATakenKeyWithAConflictThatNamesTheTable,
                            AnswersABrokenCheckWithAConflict, AnswersABrokenReferenceWithAConflict,
                            CallsAStatementItCannotReadABugOfOurs, RunsActsOnceInTheirOrder, RunsNoActOfABodyThatFails,
                            WakesSleepersWhenTheRowsAreVisible, LosesNoUpdateAmongManyBodiesAtOnce,
                            KeepsTheNeighboursOfABodyThatFails, RefusesWriteSkew, BeginsNoBodyAfterTheDeadline,
                            BeginsNoBodyOfAStoppedFiber, TellsTheOutcomeToAFiberStoppedMeanwhile, ShowsAReadOneSnapshot,
                            WritesNothingInARead, EndsTheProcessWhenABodyWaitsForSomethingElse,
                            EndsTheProcessWhenABodyBeginsAnotherTransaction);

}  // namespace kinora::database_contract
