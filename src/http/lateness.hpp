#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/task.hpp"
#include "http/watch.hpp"

namespace kinora::http {

/// How long what arrives waits until somebody reads it, and how many must be sent away so that it does not wait long. Requests
/// queue in their sockets, where nobody can count them: a probe of our own that stands in the same line is what measures it. A
/// probe that has not come back is as late as it is old, so that a crowd is seen while it comes and not when it has been
/// served. Any thread.
class Lateness {
 public:
  using Moment = std::chrono::steady_clock::time_point;
  static constexpr std::chrono::milliseconds bearable{10};
  static constexpr std::chrono::milliseconds patience{100};  ///< a moment's hiccup sends nobody away
  static constexpr std::size_t few = 64;

  /// Sends probes until its fiber is stopped. While there are few connections nobody is late by their doing: each asks again
  /// only when it has been answered.
  Task<void> run(const Watchdog& connections);

  void probe_sent(Moment now) { sent_at_.store(now, std::memory_order_relaxed); }
  /// After a while above what is bearable the share that is sent away grows fast; below it, or where no probe was sent, it
  /// shrinks slowly.
  void probe_back(Moment now);
  /// Whether this request is one of those to be sent away.
  bool sends_away(Moment now = std::chrono::steady_clock::now());
  bool sends_anybody_away() const { return share_.load(std::memory_order_relaxed) > 0; }

 private:
  static constexpr std::uint32_t whole = 1024;
  static constexpr std::uint32_t share_max = whole - whole / 32;  // some always pass, by whom it shows when it is over
  static constexpr Moment never = Moment::max();

  void note_while_it_waits(Moment now);
  void note(Moment sent, Moment now);

  std::atomic<std::uint32_t> share_ = 0;
  std::atomic<std::uint32_t> sum_ = 0;
  std::atomic<Moment> sent_at_ = never;
  std::atomic<Moment> noted_at_{};
  std::atomic<Moment> late_since_ = never;
};

}  // namespace kinora::http
