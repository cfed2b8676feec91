#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <vector>

#include "base/sync.hpp"
#include "ports/database.hpp"

namespace kinora {

/// A body on its way to the writer; lives in the frame of the fiber that waits for `done`. The whole caller travels, because
/// what a repeatable request makes is written down with the body.
struct WriteRequest {
  Caller caller;
  Database::Body* body;
  asio::any_io_executor home;  ///< of that fiber
  Result<void> outcome{};      ///< this and the rest are the writer's until `done`
  std::vector<std::function<void()>> acts{};
  Event done{};
};

/// Requests that wait for the writer, oldest first, at most `size_max`. Any thread.
class WriteQueue {
 public:
  explicit WriteQueue(std::size_t size_max) : size_max_(size_max) {}

  /// False when full or closed.
  bool push(WriteRequest& request);
  /// False when the writer has it already: its outcome will come.
  bool withdraw(WriteRequest& request);
  /// Waits; null once the queue is closed and empty.
  WriteRequest* take();
  /// Null when none waits.
  WriteRequest* try_take();
  void close();

 private:
  std::size_t size_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<WriteRequest*> waiting_;
  bool closed_ = false;
};

}  // namespace kinora
