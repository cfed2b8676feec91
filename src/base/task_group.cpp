#include "base/task_group.hpp"

namespace kinora {

struct TaskGroup::Child final : detail::Waiter {
  Child(TaskGroup& owner, Task<void> work, asio::any_io_executor where)
      : group(owner), task(std::move(work)), fiber(std::move(where)) {}

  // The frame is suspended for good only after the current handler returns, hence the first hop.
  std::coroutine_handle<> next() noexcept override {
    asio::post(fiber.executor, [this] { asio::post(group.executor_, [this] { group.remove(*this); }); });
    return std::noop_coroutine();
  }

  TaskGroup& group;
  Task<void> task;
  Fiber fiber;
  std::list<std::shared_ptr<Child>>::iterator place;
};

void TaskGroup::spawn(Task<void> task, asio::any_io_executor where) {
  if (stopping_) return;
  auto child = std::make_shared<Child>(*this, std::move(task), std::move(where));
  child->place = children_.insert(children_.end(), child);
  asio::post(child->fiber.executor, [child] { child->task.start(child->fiber, *child).resume(); });
}

void TaskGroup::stop() {
  stopping_ = true;
  for (auto& child : children_) asio::post(child->fiber.executor, [child] { child->fiber.stop(ErrorKind::cancelled); });
}

void TaskGroup::remove(Child& child) {
  // A Task<void> has nobody to tell: an exception that reaches here is a broken invariant.
  child.task.take();
  children_.erase(child.place);
  if (children_.empty()) idle_.cancel();
}

Task<void> TaskGroup::join() {
  while (!children_.empty()) {
    Fiber& fiber = co_await this_fiber;
    if (fiber.stopped && !stopping_) stop();
    // A stopped fiber cannot wait on operations any more, so joining waits outside its cancellation.
    co_await until_idle(fiber.stopped.has_value());
  }
}

Task<void> TaskGroup::until_idle(bool shielded) {
  Fiber& fiber = co_await this_fiber;
  const auto stopped = fiber.stopped;
  if (shielded) fiber.stopped.reset();
  co_await idle_.async_wait();
  if (shielded) fiber.stopped = stopped;
}

}  // namespace kinora
