#pragma once

#include <gtest/gtest.h>

#include "base/tests/run.hpp"
#include "ports/database.hpp"

/// What every Database adapter must do with requests that may come again. Engine: see database_contract.hpp; by `pass(time)` it
/// moves the clock of its database.
namespace kinora::database_repeats_contract {

using testing::run;

inline constexpr Migration tables[] = {{"contract", 1, "CREATE TABLE books (id @ID PRIMARY KEY)"}};
inline constexpr Sql add_book{"INSERT INTO books (id) VALUES ($1)"};
inline constexpr Sql count_books{"SELECT COUNT(*) FROM books"};

inline Task<Result<void>> make_video(Transaction tx, VideoId id) {
  co_await ok(tx.change(add_book, id));
  co_await ok(tx.made(id));
  co_return {};
}
inline Task<Result<void>> make_job_and_video(Transaction tx, JobId job, VideoId video) {
  co_await ok(tx.made(job));
  co_return co_await make_video(tx, video);
}
inline Task<Result<void>> make_then_fail(Transaction tx, VideoId id) {
  co_await ok(make_video(tx, id));
  co_return fail(ErrorKind::quota, "no more");
}
inline Task<Result<std::int64_t>> books(Transaction tx) { co_return co_await tx.one<std::int64_t>(count_books); }

inline VideoId video(std::uint8_t number) { return {Uuid{{number}}}; }
/// A request of somebody that is answered with a video.
inline Caller request(std::string key, std::uint8_t user = 1) {
  Caller caller;
  caller.kind = Caller::Kind::person;
  caller.user = {Uuid{{user}}};
  caller.repeatable = std::make_shared<Repeatable>(std::move(key), VideoKind::prefix, 201, "hash");
  return caller;
}

template <class Engine>
class DatabaseRepeatsContract : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(run(database().migrate({std::begin(tables), std::end(tables)}))); }
  Database& database() { return engine_.database(); }
  template <class Body, class... Args>
  Result<void> write(Caller caller, Body body, Args... args) {
    return run(database().transact(std::move(caller), body, args...));
  }
  std::optional<Made> made_before(Caller caller) { return run(database().made_before(std::move(caller))).value(); }
  std::int64_t forget() { return run(database().forget_made(Caller::system("contract"), 100)).value(); }
  std::int64_t books_now() { return run(database().read(Caller::system("contract"), books)).value(); }
  void pass(std::chrono::microseconds time) { engine_.pass(time); }

 private:
  Engine engine_;
};
TYPED_TEST_SUITE_P(DatabaseRepeatsContract);

TYPED_TEST_P(DatabaseRepeatsContract, KnowsWhatARequestMade) {
  ASSERT_TRUE(this->write(request("a"), make_video, video(1)));

  const auto made = this->made_before(request("a"));

  ASSERT_TRUE(made);
  EXPECT_EQ(made->id, video(1).uuid);
  EXPECT_EQ(made->kind, VideoKind::prefix);
  EXPECT_EQ(made->status, 201);
  EXPECT_EQ(made->request_hash, "hash");
}

TYPED_TEST_P(DatabaseRepeatsContract, KeepsOnlyTheKindThatTheAnswerIsMadeOf) {
  ASSERT_TRUE(this->write(request("a"), make_job_and_video, JobId{Uuid{{9}}}, video(1)));

  EXPECT_EQ(this->made_before(request("a"))->id, video(1).uuid);
}

TYPED_TEST_P(DatabaseRepeatsContract, KnowsNothingOfAnotherKeyOrAnotherPerson) {
  ASSERT_TRUE(this->write(request("a", 1), make_video, video(1)));

  EXPECT_FALSE(this->made_before(request("b", 1)));
  EXPECT_FALSE(this->made_before(request("a", 2)));
}

TYPED_TEST_P(DatabaseRepeatsContract, KeepsNothingOfABodyThatFails) {
  ASSERT_FALSE(this->write(request("a"), make_then_fail, video(1)));

  EXPECT_FALSE(this->made_before(request("a")));
}

TYPED_TEST_P(DatabaseRepeatsContract, MakesNoSecondThingUnderAKey) {
  ASSERT_TRUE(this->write(request("a"), make_video, video(1)));

  const auto second = this->write(request("a"), make_video, video(2));

  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, ErrorKind::conflict);
  EXPECT_GT(second.error().retry_after, std::chrono::seconds(0));
  EXPECT_EQ(this->books_now(), 1);
}

TYPED_TEST_P(DatabaseRepeatsContract, KnowsARequestForADay) {
  ASSERT_TRUE(this->write(request("a"), make_video, video(1)));

  this->pass(std::chrono::hours(24) - std::chrono::seconds(1));
  EXPECT_TRUE(this->made_before(request("a")));

  this->pass(std::chrono::seconds(2));
  EXPECT_FALSE(this->made_before(request("a")));
}

TYPED_TEST_P(DatabaseRepeatsContract, TakesAKeyAnewWhenItsTimeIsOver) {
  ASSERT_TRUE(this->write(request("a"), make_video, video(1)));
  this->pass(std::chrono::hours(25));

  ASSERT_TRUE(this->write(request("a"), make_video, video(2)));

  EXPECT_EQ(this->made_before(request("a"))->id, video(2).uuid);
}

TYPED_TEST_P(DatabaseRepeatsContract, ForgetsOnlyWhatIsOver) {
  ASSERT_TRUE(this->write(request("old"), make_video, video(1)));
  this->pass(std::chrono::hours(25));
  ASSERT_TRUE(this->write(request("new"), make_video, video(2)));

  EXPECT_EQ(this->forget(), 1);
  EXPECT_EQ(this->forget(), 0);
  EXPECT_TRUE(this->made_before(request("new")));
}

REGISTER_TYPED_TEST_SUITE_P(DatabaseRepeatsContract, KnowsWhatARequestMade, KeepsOnlyTheKindThatTheAnswerIsMadeOf,
                            KnowsNothingOfAnotherKeyOrAnotherPerson, KeepsNothingOfABodyThatFails, MakesNoSecondThingUnderAKey,
                            KnowsARequestForADay, TakesAKeyAnewWhenItsTimeIsOver, ForgetsOnlyWhatIsOver);

}  // namespace kinora::database_repeats_contract
