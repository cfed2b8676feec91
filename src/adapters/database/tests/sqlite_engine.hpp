#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "adapters/database/open.hpp"

namespace kinora::testing {

struct StoppedClock final : Clock {
  Time time{std::chrono::sys_days(std::chrono::year(2026) / 11 / 21)};
  Time now() const override { return time; }
};

struct SilentLog final : Log {
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

/// A folder of its own under the system's temporary one, gone with this object.
class TempFolder {
 public:
  TempFolder() {
    auto pattern = (std::filesystem::temp_directory_path() / "kinora-database-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    path_ = pattern;
  }
  TempFolder(const TempFolder&) = delete;
  ~TempFolder() { std::filesystem::remove_all(path_); }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// An empty SQLite database: an Engine of the port's contract.
class SqliteEngine {
 public:
  SqliteEngine() { reopen(); }

  Database& database() { return *database_; }
  void reopen() {
    close();
    auto opened = open_database("sqlite:" + file().string(), clock, log);
    ASSERT_TRUE(opened) << opened.error().message;
    database_ = *std::move(opened);
  }
  void pass(std::chrono::microseconds time) { clock.time += time; }
  void close() { database_.reset(); }
  std::filesystem::path file() const { return folder_.path() / "kinora.db"; }

  StoppedClock clock;
  SilentLog log;

 private:
  TempFolder folder_;
  std::unique_ptr<Database> database_;
};

}  // namespace kinora::testing
