#pragma once

#include <atomic>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <string>

#include "base/task.hpp"

namespace kinora {

/// Threads for blocking or long CPU work, with a bounded queue. Join it after every group whose tasks use it has ended.
class Pool {
 public:
  Pool(std::string name, std::size_t threads, std::size_t waiting_max)
      : name_(std::move(name)), busy_max_(threads + waiting_max), threads_(threads) {}

  const std::string& name() const { return name_; }
  void join() { threads_.join(); }

  /// False when the queue is full; the place must be given back by leave().
  bool enter() {
    if (busy_.fetch_add(1, std::memory_order_relaxed) < busy_max_) return true;
    leave();
    return false;
  }
  void leave() { busy_.fetch_sub(1, std::memory_order_relaxed); }
  asio::thread_pool& threads() { return threads_; }

 private:
  std::string name_;
  std::size_t busy_max_;
  std::atomic<std::size_t> busy_ = 0;
  asio::thread_pool threads_;
};

namespace detail {

template <class T>
struct PoolResult {
  using type = Result<T>;
};
template <class T>
struct PoolResult<Result<T>> {
  using type = Result<T>;
};

/// Runs a function on a pool, then comes back to the fiber. It cannot be interrupted: a stopped fiber still waits for it.
template <class F>
struct PoolCall {
  using Outcome = typename PoolResult<std::invoke_result_t<F>>::type;
  Pool* pool;
  F function;
  std::optional<Outcome> outcome{};
  std::exception_ptr thrown{};

  std::coroutine_handle<> start(Fiber& fiber, Waiter& waiter) {
    fiber.require_outside_transaction("a call on a pool");
    if (!pool->enter()) {
      outcome.emplace(fail(ErrorKind::unavailable, "the " + pool->name() + " pool is full; try again in a moment"));
      return waiter.next();
    }
    // Tracked: an io_context with nothing else to do must not return while the pool works for it.
    auto home = asio::prefer(fiber.executor, asio::execution::outstanding_work.tracked);
    asio::post(pool->threads(), [this, home = std::move(home), &waiter] {
      run();
      pool->leave();
      asio::post(home, [&waiter] { waiter.next().resume(); });
    });
    return std::noop_coroutine();
  }
  Outcome take() {
    if (thrown) std::rethrow_exception(thrown);
    return *std::move(outcome);
  }
  std::optional<Error> take_error() noexcept {
    if (thrown || *outcome) return std::nullopt;
    return std::move(outcome->error());
  }
  auto take_value() {
    auto result = take();
    if constexpr (!std::is_void_v<typename Outcome::value_type>) return *std::move(result);
  }

 private:
  void run() noexcept {
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<F>>) {
        function();
        outcome.emplace();
      } else {
        outcome.emplace(function());
      }
    } catch (...) {
      thrown = std::current_exception();
    }
  }
};

template <class F>
struct SourceOf<PoolCall<F>> {
  using type = PoolCall<F>;
};

}  // namespace detail

/// Runs function(args...) on the pool and yields its Result; a full pool yields ErrorKind::unavailable. Arguments are copied or
/// moved, never referenced.
template <class F, class... Args>
auto on(Pool& pool, F function, Args... args) {
  auto call = [function = std::move(function), ... args = std::move(args)]() mutable {
    return std::invoke(std::move(function), std::move(args)...);
  };
  return detail::PoolCall<decltype(call)>{&pool, std::move(call)};
}

}  // namespace kinora
