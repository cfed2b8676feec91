#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "adapters/database/tests/sqlite_engine.hpp"
#include "base/tests/run.hpp"

namespace kinora {
namespace {

using testing::run;
using testing::SqliteEngine;

constexpr Migration tables[] = {{"crash", 1, "CREATE TABLE told (number @INT PRIMARY KEY)"}};

Task<Result<void>> add(Transaction tx, int number) {
  co_await ok(tx.change(Sql{"INSERT INTO told (number) VALUES ($1)"}, number));
  co_return {};
}
Task<Result<int>> count(Transaction tx) { co_return co_await tx.one<int>(Sql{"SELECT COUNT(*) FROM told"}); }
Task<Result<std::string>> integrity(Transaction tx) { co_return co_await tx.one<std::string>(Sql{"PRAGMA integrity_check"}); }

/// Another process that adds rows one after the other until it is killed, and writes a byte for each that was told to be there.
class WritingProcess {
 public:
  explicit WritingProcess(SqliteEngine& engine) {
    EXPECT_EQ(::pipe(pipe_.data()), 0);
    process_ = ::fork();
    if (process_ == 0) write_for_ever(engine);
    ::close(pipe_[1]);
  }
  WritingProcess(const WritingProcess&) = delete;
  ~WritingProcess() { ::close(pipe_[0]); }

  /// Kills it in the middle of its work and gives the number of rows it was told.
  int kill_after(int rows) {
    int told = 0;
    while (told < rows && read_byte()) ++told;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
    while (read_byte()) ++told;
    return told;
  }

 private:
  [[noreturn]] void write_for_ever(SqliteEngine& engine) const {
    engine.reopen();
    auto number = run(engine.database().read(Caller::system("crash"), count)).value();
    while (run(engine.database().transact(Caller::system("crash"), add, number++)))
      if (::write(pipe_[1], "x", 1) != 1) break;
    ::_exit(1);
  }
  bool read_byte() const {
    char byte = 0;
    return ::read(pipe_[0], &byte, 1) == 1;
  }

  std::array<int, 2> pipe_{};
  pid_t process_ = 0;
};

TEST(SqliteCrash, LosesNothingThatWasTold) {
  SqliteEngine engine;
  ASSERT_TRUE(run(engine.database().migrate({std::begin(tables), std::end(tables)})));
  int told = 0;

  for (int round = 0; round < 20; ++round) {
    engine.close();
    WritingProcess writing(engine);
    told += writing.kill_after(round + 1);
    engine.reopen();

    const auto rows = run(engine.database().read(Caller::system("crash"), count)).value();
    ASSERT_GE(rows, told);
    ASSERT_LE(rows, told + 1) << "at most the row it had not been told of yet";
    ASSERT_EQ(run(engine.database().scan(Caller::system("crash"), integrity)).value(), "ok");
    told = rows;
  }
}

}  // namespace
}  // namespace kinora
