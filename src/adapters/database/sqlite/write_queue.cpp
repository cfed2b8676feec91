#include "adapters/database/sqlite/write_queue.hpp"

namespace kinora {

bool WriteQueue::push(WriteRequest& request) {
  {
    const std::scoped_lock hold(mutex_);
    if (closed_ || waiting_.size() == size_max_) return false;
    waiting_.push_back(&request);
  }
  changed_.notify_one();
  return true;
}

bool WriteQueue::withdraw(WriteRequest& request) {
  const std::scoped_lock hold(mutex_);
  return std::erase(waiting_, &request) > 0;
}

WriteRequest* WriteQueue::take() {
  std::unique_lock hold(mutex_);
  changed_.wait(hold, [this] { return closed_ || !waiting_.empty(); });
  if (waiting_.empty()) return nullptr;
  auto* first = waiting_.front();
  waiting_.pop_front();
  return first;
}

WriteRequest* WriteQueue::try_take() {
  const std::scoped_lock hold(mutex_);
  if (waiting_.empty()) return nullptr;
  auto* first = waiting_.front();
  waiting_.pop_front();
  return first;
}

void WriteQueue::close() {
  {
    const std::scoped_lock hold(mutex_);
    closed_ = true;
  }
  changed_.notify_one();
}

}  // namespace kinora
