#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <memory>
#include <optional>
#include <thread>
#include <utility>

#include "base/sync.hpp"
#include "base/task_group.hpp"

namespace kinora::testing {

namespace detail {
template <class T>
Task<void> keep(Task<T> work, std::optional<T>& outcome) {
  outcome.emplace(co_await std::move(work));
}
inline Task<void> note_end(Task<void> work, bool& ended) {
  co_await std::move(work);
  ended = true;
}

/// A pool's thread that has sent a task home touches its io_context once more, when the task may have ended already: in the
/// product it outlives all pools, here each stays until the next of its thread is through.
struct LastingContext {
  LastingContext() = default;
  LastingContext(const LastingContext&) = delete;
  LastingContext& operator=(const LastingContext&) = delete;
  ~LastingContext() { previous = std::move(io); }

  std::unique_ptr<asio::io_context> io = std::make_unique<asio::io_context>();
  static inline thread_local std::unique_ptr<asio::io_context> previous;
};
}  // namespace detail

/// Runs one task to its end on two threads and returns what it yields. A task that never ends fails the test at once: the
/// io_context runs dry.
template <class T>
T run(Task<T> work) {
  const detail::LastingContext context;
  auto& io = *context.io;
  const auto strand = asio::make_strand(io);
  TaskGroup root(strand);
  if constexpr (std::is_void_v<T>) {
    bool ended = false;
    asio::post(strand, [&] { root.spawn(detail::note_end(std::move(work), ended)); });
    std::jthread second([&] { io.run(); });
    io.run();
    second.join();
    EXPECT_TRUE(ended) << "the task never ended";
  } else {
    std::optional<T> outcome;
    asio::post(strand, [&] { root.spawn(detail::keep(std::move(work), outcome)); });
    std::jthread second([&] { io.run(); });
    io.run();
    second.join();
    EXPECT_TRUE(outcome.has_value()) << "the task never ended";
    return *std::move(outcome);
  }
}

/// Whether it happens within 10 s, for threads outside the io_context: they cannot await.
inline bool happens(Event& event) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!event.is_set() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
  return event.is_set();
}

}  // namespace kinora::testing
