#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <random>

#include "adapters/database/open.hpp"
#include "adapters/database/tests/sqlite_engine.hpp"
#include "base/tests/run.hpp"
#include "ports/clock.hpp"
#include "ports/random.hpp"
#include "tests/outcome.hpp"

/// What tests across layers stand on: a clock that is set by hand, dice with a seed, a real SQLite database.
namespace kinora::testing {

/// Moves only when told to. Any thread.
class ManualClock final : public Clock {
 public:
  Time now() const override { return Time(std::chrono::microseconds(now_us_.load())); }
  void pass(std::chrono::microseconds time) { now_us_ += time.count(); }

 private:
  static constexpr Time start{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
  std::atomic<std::int64_t> now_us_ = start.time_since_epoch().count();
};

/// The same numbers in every run.
class SeededRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override {
    const std::scoped_lock hold(mutex_);
    for (auto& byte : bytes) byte = static_cast<std::byte>(dice_());
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 dice_{20261121};
};

/// Counts up on any thread; the test waits until it has.
class Counter {
 public:
  void add() {
    const std::scoped_lock hold(mutex_);
    ++count_;
    changed_.notify_all();
  }
  bool reaches(int wanted) {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, std::chrono::seconds(20), [&] { return count_ >= wanted; });
  }
  int now() {
    const std::scoped_lock hold(mutex_);
    return count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int count_ = 0;
};

/// An empty database with the given owners' tables.
class World {
 public:
  explicit World(std::vector<std::vector<Migration>> owners) {
    auto opened = open_database("sqlite:" + (folder.path() / "kinora.db").string(), clock, log);
    if (!opened) throw std::runtime_error(opened.error().message);
    database_ = *std::move(opened);
    std::vector<Migration> steps;
    for (auto& owner : owners) steps.insert(steps.end(), owner.begin(), owner.end());
    const auto migrated = run(database_->migrate(std::move(steps)));
    if (!migrated) throw std::runtime_error(migrated.error().message);
  }

  Database& database() { return *database_; }
  template <class T, class... Args, class... Given>
  Result<T> write(Task<Result<T>> (*body)(Transaction, Args...), Given... given) {
    return run(database_->transact(Caller::system("test"), body, std::move(given)...));
  }
  template <class T, class... Args, class... Given>
  Result<T> read(Task<Result<T>> (*body)(Transaction, Args...), Given... given) {
    return run(database_->read(Caller::system("test"), body, std::move(given)...));
  }

  TempFolder folder;
  ManualClock clock;
  SeededRandom random;
  SilentLog log;

 private:
  std::unique_ptr<Database> database_;
};

}  // namespace kinora::testing
