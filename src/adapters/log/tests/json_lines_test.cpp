#include "adapters/log/json_lines.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <thread>

#include "base/json.hpp"

namespace kinora {
namespace {

class FixedClock final : public Clock {
 public:
  Time now() const override { return *parse_rfc3339("2026-11-21T09:00:00.000Z"); }
};

class JsonLines : public ::testing::Test {
 protected:
  JsonLines() {
    std::string folder = (std::filesystem::temp_directory_path() / "kinora-log-XXXXXX").string();
    folder_ = ::mkdtemp(folder.data());
  }
  ~JsonLines() override { std::filesystem::remove_all(folder_); }

  std::unique_ptr<Log> open(LogLevel lowest = LogLevel::info) {
    return *open_log(lowest, LogDestination{folder_ / "server.log"}, clock_);
  }
  std::vector<std::string> lines() const {
    std::ifstream file(folder_ / "server.log");
    std::vector<std::string> all;
    for (std::string line; std::getline(file, line);) all.push_back(line);
    return all;
  }

  FixedClock clock_;
  std::filesystem::path folder_;
};

TEST_F(JsonLines, WriteAnEventWithItsFacts) {
  const auto log = open();

  log->info("job failed", {{"job", "job_1"}, {"attempt", std::int64_t{3}}, {"seconds", 1.5}, {"last", true}});

  ASSERT_EQ(lines().size(), 1u);
  EXPECT_EQ(lines().front(),
            R"({"time":"2026-11-21T09:00:00.000Z","level":"info","event":"job failed","job":"job_1","attempt":3,)"
            R"("seconds":1.5,"last":true})");
}

TEST_F(JsonLines, DropWhatIsBelowTheLevel) {
  const auto log = open(LogLevel::warning);

  log->info("too quiet");
  log->warning("loud enough");

  ASSERT_EQ(lines().size(), 1u);
  EXPECT_NE(lines().front().find("loud enough"), std::string::npos);
}

TEST_F(JsonLines, StayOneLineAndValidWhateverTheFieldsHold) {
  const auto log = open();

  log->info("odd", {{"path", "two\nlines \"quoted\" and \xff\xfe bytes"}});

  ASSERT_EQ(lines().size(), 1u);
  const auto line = parse_json(lines().front());
  ASSERT_TRUE(line) << line.error().message;
  EXPECT_EQ(line->at("path").as_string(), "two\nlines \"quoted\" and \uFFFD\uFFFD bytes");
}

TEST_F(JsonLines, CutLongTextsBetweenLetters) {
  const auto log = open();
  std::string text = "x";  // an odd start, so that a letter of two bytes lies across the limit
  for (int i = 0; i < 4000; ++i) text += "\u00e9";

  log->info("long", {{"text", text}});

  const auto line = parse_json(lines().front());
  ASSERT_TRUE(line) << line.error().message;
  const auto kept = line->at("text").as_string();
  EXPECT_LT(kept.size(), 4110u);
  EXPECT_TRUE(kept.ends_with("\u00e9\u2026"));
}

TEST_F(JsonLines, AreWholeWhenManyThreadsWrite) {
  const auto log = open();
  {
    std::vector<std::jthread> writers;
    for (int i = 0; i < 8; ++i)
      writers.emplace_back([&] {
        for (std::int64_t n = 0; n < 200; ++n) log->info("counted", {{"n", n}});
      });
  }

  const auto all = lines();
  EXPECT_EQ(all.size(), 1600u);
  for (const auto& line : all) ASSERT_TRUE(parse_json(line)) << line;
}

TEST_F(JsonLines, RefuseAFileThatCannotBeWritten) {
  std::ofstream(folder_ / "file") << "not a folder";

  const auto log = open_log(LogLevel::info, LogDestination{folder_ / "file" / "server.log"}, clock_);

  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().kind, ErrorKind::unavailable);
  EXPECT_NE(log.error().message.find("server.log"), std::string::npos);
}

}  // namespace
}  // namespace kinora
