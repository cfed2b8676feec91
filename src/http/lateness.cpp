#include "http/lateness.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>

#include "base/deadline.hpp"
#include "base/time.hpp"

namespace kinora::http {

namespace {

// An idle server has better things to do than to wake up.
constexpr auto calm_pause = 25ms;
constexpr auto busy_pause = 5ms;

}  // namespace

Task<void> Lateness::run(const Watchdog& connections) {
  using std::chrono::steady_clock;
  Fiber& fiber = co_await this_fiber;
  // Always readable: each wait puts it at the end of the line of all that is.
  asio::posix::stream_descriptor probe(fiber.executor, ::eventfd(1, EFD_NONBLOCK | EFD_CLOEXEC));
  while (co_await pause_for(sends_anybody_away() || late_since_.load(std::memory_order_relaxed) != never ? busy_pause
                                                                                                         : calm_pause)) {
    const bool is_crowd = connections.size() > few;
    if (is_crowd) probe_sent(steady_clock::now());
    const auto [code] = co_await probe.async_wait(asio::posix::stream_descriptor::wait_read);
    if (code) co_return;
    probe_back(steady_clock::now());
  }
}

void Lateness::probe_back(Moment now) {
  const auto sent = sent_at_.exchange(never, std::memory_order_relaxed);
  note(sent == never ? now : sent, now);
}

bool Lateness::sends_away(Moment now) {
  note_while_it_waits(now);
  const auto share = share_.load(std::memory_order_relaxed);
  const auto before = sum_.fetch_add(share, std::memory_order_relaxed);
  return before / whole != (before + share) / whole;
}

/// By one of the threads, now and then.
void Lateness::note_while_it_waits(Moment now) {
  const auto sent = sent_at_.load(std::memory_order_relaxed);
  if (sent == never || now - sent <= bearable) return;
  auto noted = noted_at_.load(std::memory_order_relaxed);
  if (now - noted < busy_pause || !noted_at_.compare_exchange_strong(noted, now, std::memory_order_relaxed)) return;
  note(sent, now);
}

void Lateness::note(Moment sent, Moment now) {
  const auto share = share_.load(std::memory_order_relaxed);
  if (now - sent <= bearable) {
    late_since_.store(never, std::memory_order_relaxed);
    return share_.store(share - std::min(share, whole / 128), std::memory_order_relaxed);
  }
  const auto since = std::min(sent, late_since_.load(std::memory_order_relaxed));
  late_since_.store(since, std::memory_order_relaxed);
  if (share > 0 || now - since >= patience) share_.store(share + (share_max - share) / 4, std::memory_order_relaxed);
}

}  // namespace kinora::http
