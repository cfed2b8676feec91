#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "base/task.hpp"
#include "http/watch.hpp"

namespace kinora::http {

/// How long what arrives waits until somebody reads it, and how many must be sent away so that it does not wait long. Requests
/// queue in their sockets, where nobody can count them: a socket of our own that stands in the same line is what measures it.
class Lateness {
 public:
  static constexpr std::chrono::milliseconds bearable{100};
  static constexpr std::size_t few = 64;

  /// Measures until its fiber is stopped. While there are few connections nobody is late by their doing: each asks again only
  /// when it has been answered.
  Task<void> run(const Watchdog& connections);

  /// One measurement: above what is bearable the share that is sent away grows fast, below it shrinks slowly.
  void note(std::chrono::steady_clock::duration late);
  /// Whether this request is one of those to be sent away. Any thread.
  bool sends_away();

 private:
  static constexpr std::uint32_t whole = 1024;
  static constexpr std::uint32_t share_max = whole - whole / 32;  // some always pass, by whom it shows when it is over

  std::atomic<std::uint32_t> share_ = 0;
  std::atomic<std::uint32_t> sum_ = 0;
};

}  // namespace kinora::http
