#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "base/task.hpp"

/// What the targets share. Each defines `check`, which ends the process when something that must hold of these bytes does not.
namespace kinora::fuzz {

void check(std::string_view input);

inline void require(bool holds, std::string_view what) {
  if (holds) return;
  std::fprintf(stderr, "kinora fuzz: does not hold: %.*s\n", static_cast<int>(what.size()), what.data());
  std::abort();
}

/// Choices that the input itself makes, so that seeds stay readable and a found input fails again: cuts, places, values.
class Dice {
 public:
  explicit Dice(std::string_view input) {
    for (const char letter : input) state_ = (state_ ^ static_cast<unsigned char>(letter)) * 0x100000001b3;  // FNV-1a
  }
  /// 0 to below - 1.
  std::size_t draw(std::size_t below) {
    state_ = state_ * 6364136223846793005 + 1442695040888963407;  // Knuth, MMIX
    return static_cast<std::size_t>(state_ >> 33) % below;
  }

 private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

/// Cuts `rest` at the first `separator`, and yields what stood before it.
inline std::string_view take_until(std::string_view& rest, char separator) {
  const auto piece = rest.substr(0, rest.find(separator));
  rest.remove_prefix(piece.size() == rest.size() ? piece.size() : piece.size() + 1);
  return piece;
}

/// Runs a task that waits for nothing.
template <class T>
T run_now(Task<T> task) {
  struct Nobody final : detail::Waiter {
    std::coroutine_handle<> next() noexcept override { return std::noop_coroutine(); }
  } nobody;
  Fiber fiber{asio::any_io_executor()};
  task.start(fiber, nobody).resume();
  return task.take();
}

}  // namespace kinora::fuzz
