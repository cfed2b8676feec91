#pragma once

#include <deque>
#include <limits>
#include <mutex>
#include <utility>
#include <variant>

#include "base/wait_list.hpp"

namespace kinora {

/// State shared between threads. The callback holds the lock and cannot suspend: it is a plain function.
template <class T>
class Guarded {
 public:
  Guarded() = default;
  explicit Guarded(T value) : value_(std::move(value)) {}

  template <class F>
  decltype(auto) with(F use) {
    const std::scoped_lock hold(mutex_);
    return use(value_);
  }
  template <class F>
  decltype(auto) with(F use) const {
    const std::scoped_lock hold(mutex_);
    return use(value_);
  }

 private:
  mutable std::mutex mutex_;
  T value_{};
};

inline constexpr std::size_t everyone = std::numeric_limits<std::size_t>::max();

/// Happens once; who waits before or after goes on.
class Event {
 public:
  void set() {
    waiting_.change([this] { set_ = true; }, everyone);
  }
  bool is_set() {
    return waiting_.look([this] { return set_; });
  }
  /// Yields Result<monostate>: an error when the fiber was stopped first.
  auto wait() {
    return waiting_.until([this] { return set_ ? std::optional(std::monostate{}) : std::nullopt; });
  }

 private:
  WaitList waiting_;
  bool set_ = false;
};

/// Lets one sleeper go on. What nobody has taken yet is remembered once: work that arrives while its worker is busy is seen,
/// and two notifies before a sleeper has run are one.
class Signal {
 public:
  void notify() {
    waiting_.change([this] { notified_ = true; }, 1);
  }
  /// Yields Result<monostate>.
  auto wait() {
    return waiting_.until([this] { return std::exchange(notified_, false) ? std::optional(std::monostate{}) : std::nullopt; });
  }

 private:
  WaitList waiting_;
  bool notified_ = false;
};

/// A counter that fibers take from and give back to.
class Semaphore {
 public:
  explicit Semaphore(std::size_t permits) : free_(permits) {}

  /// Gives its permits back when it goes.
  class Permit {
   public:
    Permit(Semaphore& from, std::size_t count) : from_(&from), count_(count) {}
    Permit(Permit&& other) noexcept : from_(std::exchange(other.from_, nullptr)), count_(other.count_) {}
    Permit& operator=(Permit&& other) noexcept {
      std::swap(from_, other.from_);
      std::swap(count_, other.count_);
      return *this;
    }
    ~Permit() {
      if (from_ != nullptr) from_->give_back(count_);
    }

   private:
    Semaphore* from_;
    std::size_t count_;
  };

  /// Yields Result<Permit>. More permits than there are in all would wait for ever: do not ask.
  auto acquire(std::size_t count = 1) {
    return waiting_.until([this, count] { return take(count); });
  }
  std::optional<Permit> try_acquire(std::size_t count = 1) {
    return waiting_.look([this, count] { return take(count); });
  }

 private:
  std::optional<Permit> take(std::size_t count) {
    if (free_ < count) return std::nullopt;
    free_ -= count;
    return Permit(*this, count);
  }
  void give_back(std::size_t count) {
    waiting_.change([this, count] { free_ += count; }, everyone);
  }

  WaitList waiting_;
  std::size_t free_;
};

/// First in, first out, never longer than `size_max`.
template <class T>
class Queue {
 public:
  explicit Queue(std::size_t size_max) : size_max_(size_max) {}

  /// False when full or closed: the caller decides what is dropped.
  bool push(T item) {
    bool kept = false;
    waiting_.change(
        [&] {
          kept = !closed_ && items_.size() < size_max_;
          if (kept) items_.push_back(std::move(item));
        },
        1);
    return kept;
  }
  /// Yields Result<optional<T>>: empty once the queue is closed and drained.
  auto pop() {
    return waiting_.until([this]() -> std::optional<std::optional<T>> {
      // Not by ?: with nullopt, which would make `nothing yet` and `nothing any more` one type and so one value.
      if (items_.empty() && closed_) return std::optional<T>();
      if (items_.empty()) return std::nullopt;
      std::optional<T> first(std::move(items_.front()));
      items_.pop_front();
      return first;
    });
  }
  void close() {
    waiting_.change([this] { closed_ = true; }, everyone);
  }

 private:
  WaitList waiting_;
  std::size_t size_max_;
  std::deque<T> items_;
  bool closed_ = false;
};

}  // namespace kinora
