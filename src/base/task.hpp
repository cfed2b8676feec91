#pragma once

#include <coroutine>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/fiber.hpp"
#include "base/result.hpp"

namespace kinora {

template <class T>
class Task;

template <class T>
struct Ok {
  T inner;
};

/// `co_await ok(x)` yields the value of x, or ends the awaiting Task with x's error. x is a Result, a Task of a Result, an Asio
/// operation (base/operation.hpp) or a call on a pool (base/pool.hpp). Without `ok` the caller sees the Result and decides.
template <class T>
Ok<std::decay_t<T>> ok(T&& inner) {
  return {std::forward<T>(inner)};
}

/// `co_await this_fiber` yields the Fiber& that runs this Task.
struct ThisFiber {};
inline constexpr ThisFiber this_fiber{};

namespace detail {

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<Result<T>> = true;

/// Who runs next when a coroutine or operation ends. Asked rather than resumed, so that `ok` can pass over its own frame.
struct Waiter {
  virtual std::coroutine_handle<> next() noexcept = 0;

 protected:
  ~Waiter() = default;
};

struct PromiseBase {
  Waiter* waiter = nullptr;
  Fiber* fiber = nullptr;
  std::exception_ptr thrown;

  std::coroutine_handle<> finish() const noexcept { return waiter != nullptr ? waiter->next() : std::noop_coroutine(); }

  struct Final {
    bool await_ready() const noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) const noexcept {
      return self.promise().finish();
    }
    void await_resume() const noexcept {}
  };
  std::suspend_always initial_suspend() const noexcept { return {}; }
  Final final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { thrown = std::current_exception(); }
};

/// Adds waiting to a Source: `start(Fiber&, Waiter&)` gives the coroutine to run now, `take()` the outcome afterwards.
template <class Source>
struct Await final : Waiter {
  Source source;
  std::coroutine_handle<> parent;

  explicit Await(Source from) : source(std::move(from)) {}
  bool await_ready() const noexcept { return false; }
  template <class P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) {
    parent = self;
    return source.start(*self.promise().fiber, *this);
  }
  decltype(auto) await_resume() { return source.take(); }
  std::coroutine_handle<> next() noexcept override { return parent; }
};

/// As Await, but an error goes straight to the parent's own waiter: no exception, and the parent's frame dies with its Task.
template <class Source>
struct AwaitOk final : Waiter {
  Source source;
  std::coroutine_handle<> parent;
  PromiseBase* promise = nullptr;
  void (*fail_parent)(void*, Error) = nullptr;

  explicit AwaitOk(Source from) : source(std::move(from)) {}
  bool await_ready() const noexcept { return false; }
  template <class P>
  std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) {
    parent = self;
    promise = &self.promise();
    fail_parent = [](void* address, Error error) {
      std::coroutine_handle<P>::from_address(address).promise().fail(std::move(error));
    };
    return source.start(*self.promise().fiber, *this);
  }
  auto await_resume() { return source.take_value(); }
  std::coroutine_handle<> next() noexcept override {
    auto error = source.take_error();
    if (!error) return parent;
    fail_parent(parent.address(), *std::move(error));
    return promise->finish();
  }
};

template <class T>
struct Ready {
  Result<T> result;
  std::coroutine_handle<> start(Fiber&, Waiter& waiter) { return waiter.next(); }
  Result<T> take() { return std::move(result); }
  std::optional<Error> take_error() noexcept { return result ? std::nullopt : std::optional<Error>(std::move(result.error())); }
  T take_value() {
    if constexpr (!std::is_void_v<T>) return *std::move(result);
  }
};

template <class T>
struct Child {
  Task<T> task;
  std::coroutine_handle<> start(Fiber& fiber, Waiter& waiter) { return task.start(fiber, waiter); }
  T take() { return task.take(); }
  std::optional<Error> take_error() noexcept { return task.take_error(); }
  auto take_value() {
    auto result = task.take();
    if constexpr (!std::is_void_v<typename T::value_type>) return *std::move(result);
  }
};

/// Maps an awaited expression to its source; operation.hpp, pool.hpp and wait_list.hpp add theirs.
template <class T>
struct SourceOf;
template <class T>
struct SourceOf<Result<T>> {
  using type = Ready<T>;
};
template <class T>
struct SourceOf<Task<T>> {
  using type = Child<T>;
};
template <class T>
using source_of = typename SourceOf<T>::type;

struct Awaits : PromiseBase {
  template <class T>
  auto await_transform(Ok<T> expression) {
    return AwaitOk(source_of<T>{std::move(expression.inner)});
  }
  template <class T>
  auto await_transform(T&& expression) {
    return Await(source_of<std::decay_t<T>>{std::forward<T>(expression)});
  }
  auto await_transform(ThisFiber) {
    struct Now : std::suspend_never {
      Fiber* fiber;
      Fiber& await_resume() const noexcept { return *fiber; }
    };
    return Now{{}, this->fiber};
  }
};

template <class T>
struct Promise : Awaits {
  std::optional<T> value;
  template <class U = T>
  void return_value(U&& from) {
    value.emplace(std::forward<U>(from));
  }
  void fail(Error error)
    requires is_result<T>
  {
    value.emplace(std::unexpected(std::move(error)));
  }
  T take() { return *std::move(value); }
  Task<T> get_return_object() noexcept { return Task<T>(std::coroutine_handle<Promise>::from_promise(*this)); }
};
template <>
struct Promise<void> : Awaits {
  void return_void() const noexcept {}
  void take() const noexcept {}
  Task<void> get_return_object() noexcept;
};

}  // namespace detail

/// A coroutine that starts when awaited and lives as long as this object. Parameters go by value: a Task may outlive the
/// statement that made it. Destroyed only before it started or after it ended.
template <class T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::Promise<T>;

  explicit Task(std::coroutine_handle<promise_type> handle) noexcept : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&&) = delete;
  ~Task() {
    if (handle_) handle_.destroy();
  }

  std::coroutine_handle<> start(Fiber& fiber, detail::Waiter& waiter) noexcept {
    handle_.promise().fiber = &fiber;
    handle_.promise().waiter = &waiter;
    return handle_;
  }
  T take() {
    if (handle_.promise().thrown) std::rethrow_exception(handle_.promise().thrown);
    return handle_.promise().take();
  }
  std::optional<Error> take_error() noexcept {
    auto& promise = handle_.promise();
    if (promise.thrown || *promise.value) return std::nullopt;
    return std::move(promise.value->error());
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

inline Task<void> detail::Promise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<Promise>::from_promise(*this));
}

}  // namespace kinora
