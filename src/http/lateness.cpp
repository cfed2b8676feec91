#include "http/lateness.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/deadline.hpp"
#include "base/time.hpp"

namespace kinora::http {

namespace {

// An idle server has better things to do than to wake up.
constexpr auto calm_pause = 100ms;
constexpr auto busy_pause = 10ms;

}  // namespace

Task<void> Lateness::run(const Watchdog& connections) {
  Fiber& fiber = co_await this_fiber;
  // Always readable: each wait puts it at the end of the line of all that is.
  asio::posix::stream_descriptor ready(fiber.executor, ::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC));
  std::chrono::steady_clock::duration late{};
  while (co_await pause_for(late < busy_pause && share_ == 0 ? calm_pause : busy_pause)) {
    const auto asked_at = std::chrono::steady_clock::now();
    const auto [code] = co_await ready.async_wait(asio::posix::stream_descriptor::wait_read);
    if (code) co_return;
    late = std::chrono::steady_clock::now() - asked_at;
    note(connections.size() > few ? late : 0ms);
  }
}

void Lateness::note(std::chrono::steady_clock::duration late) {
  const auto share = share_.load(std::memory_order_relaxed);
  const auto more = share + (share_max - share) / 4;
  const auto less = share - std::min(share, whole / 64);
  share_.store(late > bearable ? more : less, std::memory_order_relaxed);
}

bool Lateness::sends_away() {
  const auto share = share_.load(std::memory_order_relaxed);
  const auto before = sum_.fetch_add(share, std::memory_order_relaxed);
  return before / whole != (before + share) / whole;
}

}  // namespace kinora::http
