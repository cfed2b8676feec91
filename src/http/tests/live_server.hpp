#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/sync.hpp"
#include "base/task_group.hpp"
#include "http/server.hpp"

namespace kinora::http::testing {

/// Lets everyone in, as whoever the test says.
class OpenGate final : public Gate {
 public:
  Admitted answer{};
  std::atomic<bool> is_revoked = false;
  std::optional<Error> refusal{};
  Task<Result<Admitted>> admit(const Head&, const RouteSpec&) override {
    if (refusal) co_return std::unexpected(*refusal);
    co_return answer;
  }
  Task<Result<bool>> still_admits(Caller caller) override {
    if (caller.deadline <= std::chrono::steady_clock::now()) co_return fail(ErrorKind::timeout, "the deadline has passed");
    co_return !is_revoked;
  }
};

/// Keeps lines as `event name=value ...`.
class KeptLog final : public Log {
 public:
  void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override {
    std::string line(event);
    for (const auto& field : fields) {
      line += ' ' + std::string(field.name) + '=';
      std::visit([&](const auto& value) { append(line, value); }, field.value);
    }
    const std::scoped_lock hold(mutex_);
    lines_.push_back(std::move(line));
    changed_.notify_all();
  }
  /// The first line that holds all of `words`, waited for up to 10 s; empty when none came.
  std::string wait_for(std::string_view words) {
    std::unique_lock hold(mutex_);
    std::string found;
    changed_.wait_for(hold, std::chrono::seconds(10), [&] {
      for (const auto& line : lines_)
        if (found.empty() && line.contains(words)) found = line;
      return !found.empty();
    });
    return found;
  }

 private:
  static void append(std::string& line, std::string_view text) { line += text; }
  static void append(std::string& line, bool value) { line += value ? "true" : "false"; }
  static void append(std::string& line, auto number) { line += std::to_string(number); }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_;
};

class CountingRandom final : public Random {
 public:
  void fill(std::span<std::byte> bytes) override {
    for (auto& byte : bytes) byte = static_cast<std::byte>(next_++);
  }

 private:
  std::atomic<unsigned> next_ = 0;
};

class FixedClock final : public Clock {
 public:
  Time now() const override { return Time(std::chrono::seconds(1'795'251'600)); }
};

/// A server on a free port of loopback with two I/O threads; stops, and waits for its end, when it goes.
class LiveServer {
 public:
  explicit LiveServer(std::vector<Surface> surfaces, ListenSettings settings = {}) : router_(std::move(surfaces)) {
    settings.limits.tick = std::chrono::milliseconds(5);
    auto opened = Server::open(strand_, std::move(settings), parts());
    EXPECT_TRUE(opened.has_value()) << (opened ? "" : opened.error().message);
    server_ = *std::move(opened);
    asio::post(strand_, [this] { group_.spawn(server_->serve(), strand_); });
    for (auto& thread : threads_) thread = std::jthread([this] { io_.run(); });
  }
  ~LiveServer() { stop(); }

  std::uint16_t port() const { return server_->port(); }
  OpenGate& gate() { return gate_; }
  KeptLog& log() { return log_; }
  /// Routes that answered what they do not declare.
  std::vector<std::string> undeclared() {
    return undeclared_.with([](const auto& all) { return all; });
  }

  void start_stopping() {
    asio::post(strand_, [this] { group_.stop(); });
  }
  void stop() {
    if (stopped_) return;
    stopped_ = true;
    start_stopping();
    for (auto& thread : threads_) thread.join();
  }

 private:
  ServerParts parts() {
    return {router_, gate_, log_, random_, clock_, [this](const RouteSpec& spec, int status) {
              undeclared_.with([&](auto& all) { all.push_back(spec.path + ' ' + std::to_string(status)); });
            }};
  }

  asio::io_context io_;
  asio::any_io_executor strand_ = asio::make_strand(io_);
  TaskGroup group_{strand_};
  Router router_;
  OpenGate gate_;
  KeptLog log_;
  CountingRandom random_;
  FixedClock clock_;
  Guarded<std::vector<std::string>> undeclared_;
  std::unique_ptr<Server> server_;
  std::jthread threads_[2];
  bool stopped_ = false;
};

}  // namespace kinora::http::testing
