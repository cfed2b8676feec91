#pragma once

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <memory>

#include "base/operation.hpp"
#include "base/task.hpp"

namespace kinora {

/// Waits on the steady clock; a stopped fiber yields its reason at once.
inline Task<Result<void>> pause_for(std::chrono::steady_clock::duration time) {
  asio::steady_timer timer((co_await this_fiber).executor, time);
  co_await ok(timer.async_wait());
  co_return {};
}

/// Ends `work` with ErrorKind::timeout when it takes longer than `limit`; the fiber goes on afterwards.
template <class T>
Task<Result<T>> within(std::chrono::steady_clock::duration limit, Task<Result<T>> work) {
  Fiber& fiber = co_await this_fiber;
  // Shared with the timer's handler, which may run after this frame has gone.
  struct Alarm {
    Fiber* target;
    bool fired = false;
  };
  auto alarm = std::make_shared<Alarm>(&fiber);
  struct Disarm {
    Alarm& alarm;
    ~Disarm() { alarm.target = nullptr; }
  } const disarm{*alarm};  // also when the work throws
  asio::steady_timer timer(fiber.executor, limit);
  timer.async_wait(asio::bind_executor(fiber.executor, [alarm](error_code code) {
    if (code || alarm->target == nullptr || alarm->target->stopped) return;
    alarm->fired = true;
    alarm->target->stop(ErrorKind::timeout);
  }));
  auto result = co_await std::move(work);
  if (alarm->fired && fiber.stopped == ErrorKind::timeout) fiber.stopped.reset();
  co_return result;
}

/// Lets clean-up wait although its fiber was stopped: inside, the fiber counts as running. Bound what you await with within().
class Shield {
 public:
  explicit Shield(Fiber& fiber) : fiber_(fiber), stopped_(std::exchange(fiber.stopped, std::nullopt)) {}
  Shield(const Shield&) = delete;
  ~Shield() {
    if (stopped_) fiber_.stopped = stopped_;
  }

 private:
  Fiber& fiber_;
  std::optional<ErrorKind> stopped_;
};

}  // namespace kinora
