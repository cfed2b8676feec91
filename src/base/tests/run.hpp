#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

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

/// A pool's thread that has sent a task home touches the io_context once more, when the task may have ended already: in the
/// product it outlives all pools, here the latest ones stay.
inline std::shared_ptr<asio::io_context> lasting_context() {
  static std::mutex one_at_a_time;
  static std::deque<std::shared_ptr<asio::io_context>> latest;
  const std::scoped_lock lock(one_at_a_time);
  if (latest.size() == 64) latest.pop_front();
  return latest.emplace_back(std::make_shared<asio::io_context>());
}
}  // namespace detail

/// Runs one task to its end on two threads and returns what it yields. A task that never ends fails the test at once: the
/// io_context runs dry.
template <class T>
T run(Task<T> work) {
  const auto context = detail::lasting_context();
  auto& io = *context;
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
