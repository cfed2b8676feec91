#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <list>
#include <memory>

#include "base/operation.hpp"
#include "base/task.hpp"

namespace kinora {

/// Owns running Tasks: nothing runs detached. All members are called on `executor`; destroyed only after join() returned.
class TaskGroup {
 public:
  explicit TaskGroup(asio::any_io_executor executor)
      : executor_(std::move(executor)), idle_(executor_, asio::steady_timer::time_point::max()) {}
  TaskGroup(const TaskGroup&) = delete;

  /// Runs the task as a fiber of its own on a fresh strand of the same context. After stop() nothing new starts.
  void spawn(Task<void> task) { spawn(std::move(task), fresh_strand(executor_)); }
  /// The same on a given executor (a socket's own strand, say).
  void spawn(Task<void> task, asio::any_io_executor where);

  /// Asks every child to stop; join() waits until they have.
  void stop();

  /// Waits for all children; when the waiting fiber is stopped, stops them first.
  Task<void> join();

  std::size_t size() const { return children_.size(); }

 private:
  struct Child;
  void remove(Child& child);
  Task<void> until_idle(bool shielded);

  asio::any_io_executor executor_;
  asio::steady_timer idle_;
  std::list<std::shared_ptr<Child>> children_;  // shared with a stop() under way on the child's strand
  bool stopping_ = false;
};

}  // namespace kinora
