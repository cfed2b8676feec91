#include "modules/accounts/jobs/erase.hpp"
#include "tests/people.hpp"

namespace kinora {
namespace {

using testing::code_of;
using testing::kind_of;
using testing::run;

/// What some module keeps: notes what it is told, and can refuse.
class Things final : public accounts::Belongings {
 public:
  Task<Result<void>> hide(Transaction, UserId) override {
    ++hidden;
    if (refuses) co_return fail(ErrorKind::internal, "no");
    co_return {};
  }
  Task<Result<void>> erase(Caller, UserId user) override {
    erased.push_back(user);
    if (refuses) co_return fail(ErrorKind::unavailable, "not now");
    co_return {};
  }
  int hidden = 0;
  std::vector<UserId> erased;
  bool refuses = false;
};

Task<Result<std::int64_t>> count_users(Transaction tx) { return tx.one<std::int64_t>(Sql{"SELECT COUNT(*) FROM users"}); }
Task<Result<std::int64_t>> make_admin(Transaction tx, UserId user) {
  return tx.change(Sql{"UPDATE users SET role = 'admin' WHERE id = $1"}, user);
}
Task<Result<void>> finish(Transaction tx, std::shared_ptr<jobs::Finish> what) { return what->write(tx); }

class Erasure : public testing::People {
 protected:
  Erasure() {
    queue.add_workers(accounts::workers({&things}, world.clock));
    people.set_erasure({&queue, {&things}});
  }

  Result<JobId> erase(const accounts::SignIn& by, std::string with = password) {
    return run(people.erase(caller(by), std::move(with)));
  }
  jobs::Outcome work(JobId id) {
    auto attempt = std::make_shared<jobs::Context::Attempt>();
    attempt->job = run(queue.find(Caller::system("test"), id)).value().value();
    accounts::EraseAccountWorker worker({&things}, world.clock);
    return run(worker.work(jobs::Context(attempt, world.database()), {UserId{attempt->job.subject.id}}));
  }
  std::int64_t users() { return world.read(count_users).value(); }

  Things things;
  jobs::Queue queue{{.worker = "test", .scratch = world.folder.path()}, world.database(), world.clock, world.random, world.log};
  accounts::SignIn ana = sign_up("ana");
};

TEST_F(Erasure, EndsSessionsAndKeysAtOnce) {
  const auto other = log_in_by_cookie("ana");
  const auto program = key(ana, {Scope::read});

  ASSERT_TRUE(erase(ana));

  EXPECT_FALSE(is_known(ana) || is_known(other));
  EXPECT_FALSE(who(program));
  EXPECT_FALSE(run(people.refresh(Caller{}, ana.refresh_token)));
  EXPECT_EQ(code_of(log_in("ana")), "invalid_credentials");
}

TEST_F(Erasure, WantsThePasswordAndThePersonHimself) {
  const auto program = who(key(ana, {Scope::read, Scope::write})).value();

  EXPECT_EQ(code_of(erase(ana, "another one")), "invalid_credentials");
  EXPECT_EQ(kind_of(run(people.erase(program, password))), ErrorKind::forbidden);
  EXPECT_TRUE(is_known(ana));
}

TEST_F(Erasure, FreesTheAddressAtOnce) {
  ASSERT_TRUE(erase(ana));

  const auto again = sign_up("ana");

  EXPECT_NE(again.user.id, ana.user.id);
  EXPECT_TRUE(log_in("ana"));
}

TEST_F(Erasure, HidesInTheSameTransaction) {
  things.refuses = true;

  EXPECT_FALSE(erase(ana));

  EXPECT_EQ(things.hidden, 1);
  EXPECT_TRUE(is_known(ana)) << "and so nothing has happened";
  EXPECT_TRUE(log_in("ana"));
}

TEST_F(Erasure, IsNotForTheOnlyAdmin) {
  const auto root = set_up_admin();
  EXPECT_EQ(kind_of(erase(root)), ErrorKind::conflict);
  EXPECT_TRUE(is_known(root));

  ASSERT_EQ(world.write(make_admin, ana.user.id), 1);

  EXPECT_TRUE(erase(root)) << "there is another one now";
  EXPECT_EQ(kind_of(erase(ana)), ErrorKind::conflict) << "who is the only one then";
}

TEST_F(Erasure, LeavesTheRowUntilNothingThatBeganCanWrite) {
  const auto job = erase(ana).value();
  const auto first = work(job);

  ASSERT_TRUE(std::holds_alternative<jobs::Snooze>(first));
  EXPECT_EQ(things.erased.size(), 1U) << "what there is goes first";
  EXPECT_EQ(users(), 1);

  world.clock.pass(std::get<jobs::Snooze>(first).time);
  auto last = work(job);
  ASSERT_TRUE(std::holds_alternative<jobs::Done>(last));
  ASSERT_TRUE(world.write(finish, std::get<jobs::Done>(last).finish));

  EXPECT_EQ(things.erased, (std::vector{ana.user.id, ana.user.id})) << "and what came meanwhile";
  EXPECT_EQ(users(), 0);
}

TEST_F(Erasure, ComesAgainWhenSomethingCannotGo) {
  const auto job = erase(ana).value();
  things.refuses = true;
  world.clock.pass(1h);

  EXPECT_TRUE(std::holds_alternative<jobs::Retry>(work(job)));
  EXPECT_EQ(users(), 1);
}

}  // namespace
}  // namespace kinora
